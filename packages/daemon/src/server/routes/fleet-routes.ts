import { SubagentError } from '@subagent-mcp/contract'
import { api, type Fleet, type FleetWorker } from '@subagent-mcp/api'
import type { WorkerConnections } from '../workers/worker-connections.js'
import type { DaemonPort } from '../port.js'
import { apiRoute, type HttpRoute } from '../http/route.js'

export function fleetRoutes({ fleet, depthOf }: DaemonPort, workers: WorkerConnections): HttpRoute[] {
  return [
    apiRoute(api.fleet, () => asSeen(fleet.view(), workers)),
    apiRoute(api.fleetUp, async ({ body: { pid, ...order } }) => {
      const { environment = {} } = order
      // A worker gets the rights of the process that starts it, so a sub-agent could gain rights by starting a fleet.
      if (depthOf({ environment, ...(pid !== undefined && { pid }) }) > 0) throw insideAgent()
      return asSeen(await fleet.up(order), workers)
    }),
    apiRoute(api.fleetDown, async () => ({ ended: [...(await fleet.down())] })),
  ]
}

/** Shows a running worker process of the fleet as `starting` until the process has connected as a worker. */
function asSeen(fleet: Fleet, workers: WorkerConnections): Fleet {
  const present = new Set(workers.list().map(({ pid }) => pid))
  const isThere = ({ pid }: FleetWorker): boolean => pid !== undefined && present.has(pid)
  const shown = fleet.workers.map((worker) =>
    worker.status === 'running' && !isThere(worker) ? { ...worker, status: 'starting' as const } : worker,
  )
  return { ...fleet, workers: shown }
}

function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent may not start a fleet', {
    hint: 'let the user do it: subagent-mcp fleet up',
  })
}

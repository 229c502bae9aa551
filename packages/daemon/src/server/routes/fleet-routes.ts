import { SubagentError } from '@subagent-mcp/contract'
import { api, type Fleet, type FleetWorker } from '@subagent-mcp/api'
import type { WorkerConnections } from '../workers/worker-connections.js'
import type { DaemonPort } from '../port.js'
import { route, type HttpRoute } from '../http/route.js'

/** Routes of the fleet. */
export function fleetRoutes({ fleet, depthOf }: DaemonPort, workers: WorkerConnections): HttpRoute[] {
  return [
    route(api.fleet, () => asSeen(fleet.view(), workers)),
    route(api.fleetUp, async ({ body: { pid, ...order } }) => {
      const { environment = {} } = order
      // A worker gets the rights of the process that starts it, so a sub-agent could gain rights by starting a fleet.
      if (depthOf({ environment, ...(pid !== undefined && { pid }) }) > 0) throw insideAgent()
      return asSeen(await fleet.up(order), workers)
    }),
    route(api.fleetDown, async () => ({ ended: [...(await fleet.down())] })),
  ]
}

/** Shows a running process as `starting` until it has connected as a worker. */
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

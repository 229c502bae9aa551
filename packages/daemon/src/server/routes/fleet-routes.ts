import { SubagentError } from '@subagent-mcp/contract'
import { api, type Fleet, type FleetWorker } from '@subagent-mcp/api'
import type { Attendances } from './attendances.js'
import type { DaemonPort } from './port.js'
import { route, type Route } from './route.js'

/** What is asked about the workers that the daemon keeps running. */
export function fleetRoutes({ fleet, depthOf }: DaemonPort, attendances: Attendances): Route[] {
  return [
    route(api.fleet, () => asSeen(fleet.view(), attendances)),
    route(api.fleetUp, async ({ body: { pid, ...order } }) => {
      const { environment = {} } = order
      // Workers have the rights of who starts them, and these would be nobody's.
      if (depthOf({ environment, ...(pid !== undefined && { pid }) }) > 0) throw insideAgent()
      return asSeen(await fleet.up(order), attendances)
    }),
    route(api.fleetDown, async () => ({ ended: [...(await fleet.down())] })),
  ]
}

/** A process that runs is a worker once it is there for messages. */
function asSeen(fleet: Fleet, attendances: Attendances): Fleet {
  const present = new Set(attendances.list().map(({ pid }) => pid))
  const isThere = ({ pid }: FleetWorker): boolean => pid !== undefined && present.has(pid)
  const workers = fleet.workers.map((worker) =>
    worker.status === 'running' && !isThere(worker) ? { ...worker, status: 'starting' as const } : worker,
  )
  return { ...fleet, workers }
}

function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent brings no fleet up', {
    hint: 'let the user do it: subagent-mcp fleet up',
  })
}

import type { RequestingProcess } from '@subagent-mcp/api'
import type { HttpRoute } from '../http/route.js'
import { createVisibleParts, type VisibleParts } from '../scope/own-port.js'
import { agentRoutes } from './agent-routes.js'
import { daemonRoutes, type ServerState } from './daemon-routes.js'
import { fleetRoutes } from './fleet-routes.js'
import { mailRoutes } from './mail-routes.js'
import { permissionRoutes } from './permission-routes.js'
import { poolRoutes } from './pool-routes.js'
import { workerRoutes } from './worker-routes.js'

/** Returns the routes for one HTTP client, limited to what it may see and use. @throws SubagentError for a malformed asker header */
export type RoutesFor = (asker: RequestingProcess | undefined) => readonly HttpRoute[]

/** Creates the routes of the HTTP API: one set for people and hosts, and a limited set for each request of a sub-agent. */
export function createRoutes(all: VisibleParts, state: ServerState): RoutesFor {
  const [routesOfAll, servedFor] = [routesOver(all, state), createVisibleParts(all)]
  return (asker) => {
    const served = servedFor(asker)
    return served === all ? routesOfAll : routesOver(served, state)
  }
}

function routesOver({ port, workers }: VisibleParts, state: ServerState): readonly HttpRoute[] {
  return [
    ...daemonRoutes(port, state),
    ...agentRoutes(port, workers),
    ...mailRoutes(port, workers),
    ...workerRoutes(port, workers),
    ...fleetRoutes(port, workers),
    ...permissionRoutes(port),
    ...poolRoutes(port),
  ]
}

import type { RequestingProcess } from '@subagent-mcp/api'
import type { HttpRoute } from '../http/route.js'
import { createVisibleDaemonParts, type VisibleDaemonParts } from '../scope/own-port.js'
import { agentRoutes } from './agent-routes.js'
import { daemonRoutes, type DaemonServerState } from './daemon-routes.js'
import { fleetRoutes } from './fleet-routes.js'
import { mailRoutes } from './mail-routes.js'
import { permissionRoutes } from './permission-routes.js'
import { openPageRoute, type OpenDashboardPage } from '../page/page-routes.js'
import type { DaemonPort } from '../port.js'
import { poolRoutes } from './pool-routes.js'
import { workerRoutes } from './worker-routes.js'

/**
 * Returns the routes for one HTTP client, limited to the agents and messages that the client may see and use.
 * @throws SubagentError for a malformed asker header
 */
export type RoutesForClient = (asker: RequestingProcess | undefined) => readonly HttpRoute[]

/**
 * Creates the routes of the HTTP API: one set for people and hosts, and a limited set for each request of a sub-agent. `open` opens
 * the page.
 */
export function createApiRoutes(
  all: VisibleDaemonParts,
  state: DaemonServerState,
  open: OpenDashboardPage,
): RoutesForClient {
  const over = (parts: VisibleDaemonParts): readonly HttpRoute[] => [
    ...routesOver(parts, state),
    openPageRoute(parts.port, open),
  ]
  const [routesOfAll, servedFor] = [over(all), createVisibleDaemonParts(all)]
  return (asker) => {
    const served = servedFor(asker)
    return served === all ? routesOfAll : over(served)
  }
}

/** Creates the routes for pages, which a person uses in a browser. */
export function createPageApiRoutes(
  { port, workers }: VisibleDaemonParts,
  state: DaemonServerState,
): readonly HttpRoute[] {
  const connect: DaemonPort['connect'] = (client) => port.connect({ ...client, attended: true })
  return routesOver({ port: { ...port, connect, isPage: true }, workers }, state)
}

function routesOver({ port, workers }: VisibleDaemonParts, state: DaemonServerState): readonly HttpRoute[] {
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

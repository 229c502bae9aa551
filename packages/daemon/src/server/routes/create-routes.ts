import type { RequestingProcess } from '@subagent-mcp/api'
import type { HttpRoute } from '../http/route.js'
import { createVisiblePorts } from '../scope/own-port.js'
import { agentRoutes } from './agent-routes.js'
import { daemonRoutes, type DaemonServerState } from './daemon-routes.js'
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
  all: DaemonPort,
  state: DaemonServerState,
  open: OpenDashboardPage,
): RoutesForClient {
  const over = (port: DaemonPort): readonly HttpRoute[] => [
    ...routesOver(port, state),
    openPageRoute(port, open),
  ]
  const [routesOfAll, servedFor] = [over(all), createVisiblePorts(all)]
  return (asker) => {
    const served = servedFor(asker)
    return served === all ? routesOfAll : over(served)
  }
}

/** Creates the routes for pages, which a person uses in a browser. */
export function createPageApiRoutes(port: DaemonPort, state: DaemonServerState): readonly HttpRoute[] {
  const connect: DaemonPort['connect'] = (client) => port.connect({ ...client, attended: true })
  return routesOver({ ...port, connect, isPage: true }, state)
}

function routesOver(port: DaemonPort, state: DaemonServerState): readonly HttpRoute[] {
  return [
    ...daemonRoutes(port, state),
    ...agentRoutes(port),
    ...mailRoutes(port),
    ...workerRoutes(port),
    ...permissionRoutes(port),
    ...poolRoutes(port),
  ]
}

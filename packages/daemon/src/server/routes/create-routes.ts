import type { RequestingProcess } from '@subagent-mcp/api'
import type { HttpRoute } from '../http/route.js'
import { createClientPortLimiter } from '../scope/client-port-limiter.js'
import { createAgentRoutes } from './agent-routes.js'
import { createDaemonRoutes, type DaemonServerState } from './daemon-routes.js'
import { createMailRoutes } from './mail-routes.js'
import { createPermissionRoutes } from './permission-routes.js'
import { createOpenDashboardRoute, type OpenDashboardPage } from '../page/dashboard-routes.js'
import type { DaemonPort } from '../daemon-port.js'
import { createPoolRoutes } from './pool-routes.js'
import { createWorkerRoutes } from './worker-routes.js'

/**
 * Returns the routes for one HTTP client, limited to the agents and messages that the client may see and use.
 * @throws SubagentError for a malformed asker header
 */
export type ClientRoutesProvider = (asker: RequestingProcess | undefined) => readonly HttpRoute[]

/**
 * Creates the routes of the HTTP API: one set for people and hosts, and a limited set for each request of a sub-agent. `open` opens
 * the page.
 */
export function createApiRoutes(
  all: DaemonPort,
  state: DaemonServerState,
  open: OpenDashboardPage,
): ClientRoutesProvider {
  const over = (port: DaemonPort): readonly HttpRoute[] => [
    ...routesOver(port, state),
    createOpenDashboardRoute(port, open),
  ]
  const [routesOfAll, servedFor] = [over(all), createClientPortLimiter(all)]
  return (asker) => {
    const served = servedFor(asker)
    return served === all ? routesOfAll : over(served)
  }
}

/** Creates the routes for pages, which a person uses in a browser. */
export function createDashboardApiRoutes(port: DaemonPort, state: DaemonServerState): readonly HttpRoute[] {
  const connect: DaemonPort['connect'] = (client) => port.connect({ ...client, attended: true })
  return routesOver({ ...port, connect, isPage: true }, state)
}

function routesOver(port: DaemonPort, state: DaemonServerState): readonly HttpRoute[] {
  return [
    ...createDaemonRoutes(port, state),
    ...createAgentRoutes(port),
    ...createMailRoutes(port),
    ...createWorkerRoutes(port),
    ...createPermissionRoutes(port),
    ...createPoolRoutes(port),
  ]
}

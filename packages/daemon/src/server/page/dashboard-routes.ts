import { daemonApi, endpointNamesForDashboard, type Endpoint } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { batchStreamWrites } from '../http/batch-stream-writes.js'
import { openEventStream } from '../http/event-stream.js'
import {
  createApiRoute,
  createStreamingRoute,
  type HttpRoute,
  type UnparsedRequestInput,
} from '../http/route.js'
import type { DaemonPort } from '../daemon-port.js'
import { resolveAgentId } from '../routes/read-agent-summary.js'
import { streamFacts } from '../routes/stream-facts.js'
import type { AgentChangeFeed } from './agent-change-feed.js'
import type { DashboardOpener, DashboardSession, DashboardSessions } from './dashboard-sessions.js'

/**
 * Serves the page on a loopback port, and returns a one-time code that opens a session.
 * @throws SubagentError if the page cannot be served on the port
 */
export type OpenDashboardPage = (
  port: number | undefined,
  owner: DashboardOpener,
) => Promise<{ port: number; code: string }>

/** The HTTP route that opens the page. A process of an agent gets no code, because the page can do what only a person may. */
export function createOpenDashboardRoute({ depthOf }: DaemonPort, open: OpenDashboardPage): HttpRoute {
  return createApiRoute(daemonApi.openPage, ({ body: { pid, port, ...owner } }) => {
    if (depthOf({ environment: owner.environment, ...(pid !== undefined && { pid }) }) > 0)
      throw insideAgent()
    return open(port, owner)
  })
}

/** The HTTP route by which a page exchanges its one-time code for a token. */
export function createStartDashboardRoute({ start }: DashboardSessions, version: string): HttpRoute {
  return createApiRoute(daemonApi.startPageSession, ({ body: { code } }) => {
    const { token, session } = start(code)
    return { token, cwd: session.cwd, version }
  })
}

/** The page whose request is answered, and the parts that its routes need. `end` makes the page's token invalid. */
export type DashboardPageRequest = {
  port: DaemonPort
  feed: AgentChangeFeed
  session: DashboardSession
  end: () => void
}

/** The least time between two writes to a page, in milliseconds. */
const writeEvery = 50

/** The HTTP routes of a page with a token: those of its views. In them the page acts as the shell that opened it. */
export function createDashboardRoutes(
  all: readonly HttpRoute[],
  page: DashboardPageRequest,
): readonly HttpRoute[] {
  const { port, feed, session, end } = page
  return [
    ...all.filter(({ endpoint }) => allowed.has(endpoint)).map((one) => asOwner(one, session)),
    createApiRoute(daemonApi.endPageSession, () => {
      end()
      return {}
    }),
    createStreamingRoute(daemonApi.pageEvents, ({ query: { agent, after = 0 } }, call) => {
      const signal = AbortSignal.any([call.signal, session.over])
      const { clock } = port.supervisor
      const stream = batchStreamWrites(openEventStream(clock, call), clock, writeEvery)
      const unsubscribe = feed.subscribe((event) => {
        // A page that reads too slowly asks for all agents again when it has read everything that was sent.
        if (!stream.isFull()) stream.write(event)
      })
      signal.addEventListener('abort', unsubscribe, { once: true })
      session.over.addEventListener('abort', stream.end, { once: true })
      const agentId = agent === undefined ? noAgent : resolveAgentId(port, agent)
      streamFacts(port, { agentId, after, follow: true }, { stream, signal })
    }),
  ]
}

const allowed: ReadonlySet<Endpoint> = new Set(endpointNamesForDashboard.map((name) => daemonApi[name]))

/** No agent has this id, so a stream for it has no facts. */
const noAgent = ''

/**
 * Returns the route with the folder and the environment of the page's shell in the body of the request. Fields with which a process
 * would name itself are removed.
 */
function asOwner(one: HttpRoute, { cwd, environment }: DashboardSession): HttpRoute {
  const takes = (field: string): boolean => Object.hasOwn(one.endpoint.body.shape, field)
  const complete = (body: unknown): unknown => {
    if (typeof body !== 'object' || body === null) return body
    const { pid: _, ...given } = { pid: 0, ...body }
    return {
      ...(takes('cwd') && { cwd }),
      ...given,
      ...(takes('environment') && { environment }),
    }
  }
  const handle: HttpRoute['handle'] = ({ body, ...input }: UnparsedRequestInput, call) =>
    one.handle({ ...input, body: complete(body) }, call)
  return { ...one, handle }
}

function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent may not open the page', {
    hint: 'let the user do it: subagent-mcp ui',
  })
}

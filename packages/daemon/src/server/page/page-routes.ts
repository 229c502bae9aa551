import { api, pageEndpoints, type Endpoint } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { batchWrites } from '../http/batch-writes.js'
import { openEventStream } from '../http/event-stream.js'
import { route, streamingRoute, type HttpRoute, type RawInput } from '../http/route.js'
import type { DaemonPort } from '../port.js'
import { knownId } from '../routes/show-agent.js'
import { streamFacts } from '../routes/stream-facts.js'
import type { AgentFeed } from './agent-feed.js'
import type { PageOwner, PageSession, PageSessions } from './page-sessions.js'

/** Serves the page at a port, and returns a code that opens it. @throws SubagentError if it cannot be served there */
export type OpenPage = (port: number | undefined, owner: PageOwner) => Promise<{ port: number; code: string }>

/** The route that opens the page. A process of an agent gets no code, because the page can do what only a person may. */
export function openPageRoute({ depthOf }: DaemonPort, open: OpenPage): HttpRoute {
  return route(api.openPage, ({ body: { pid, port, ...owner } }) => {
    if (depthOf({ environment: owner.environment, ...(pid !== undefined && { pid }) }) > 0)
      throw insideAgent()
    return open(port, owner)
  })
}

/** The route of a page that has only a code. */
export function startPageRoute({ start }: PageSessions, version: string): HttpRoute {
  return route(api.startPageSession, ({ body: { code } }) => {
    const { token, session } = start(code)
    return { token, cwd: session.cwd, version }
  })
}

/** The page whose request is answered, with what its routes need. `end` makes its token invalid. */
export type PageRequest = { port: DaemonPort; feed: AgentFeed; session: PageSession; end: () => void }

/** The least time between two writes to a page, in milliseconds. */
const writeEvery = 50

/** The routes of a page with a token: those of its views, for which it acts as the shell that opened it. */
export function pageRoutes(all: readonly HttpRoute[], page: PageRequest): readonly HttpRoute[] {
  const { port, feed, session, end } = page
  return [
    ...all.filter(({ endpoint }) => allowed.has(endpoint)).map((one) => asOwner(one, session)),
    route(api.endPageSession, () => {
      end()
      return {}
    }),
    streamingRoute(api.pageEvents, ({ query: { agent, after = 0 } }, call) => {
      const signal = AbortSignal.any([call.signal, session.over])
      const { clock } = port.supervisor
      const stream = batchWrites(openEventStream(clock, call), clock, writeEvery)
      const unsubscribe = feed.subscribe((event) => {
        // A page that is behind asks for all agents when it has read what was sent.
        if (!stream.isFull()) stream.write(event)
      })
      signal.addEventListener('abort', unsubscribe, { once: true })
      session.over.addEventListener('abort', stream.end, { once: true })
      const agentId = agent === undefined ? noAgent : knownId(port, agent)
      streamFacts(port, { agentId, after, follow: true }, { stream, signal })
    }),
  ]
}

const allowed: ReadonlySet<Endpoint> = new Set(pageEndpoints.map((name) => api[name]))

/** No agent has this id, so a stream for it has no facts. */
const noAgent = ''

/**
 * Returns the route with the folder and the environment of the page's shell in the body of the request. Fields with which a process
 * would name itself are removed.
 */
function asOwner(one: HttpRoute, { cwd, environment }: PageSession): HttpRoute {
  const takes = (field: string): boolean => Object.hasOwn(one.endpoint.body.shape, field)
  const complete = (body: unknown): unknown => {
    if (typeof body !== 'object' || body === null) return body
    const { pid: _, attendance: _attendance, ...given } = { pid: 0, attendance: '', ...body }
    return {
      ...(takes('cwd') && { cwd }),
      ...given,
      ...(takes('environment') && { environment }),
    }
  }
  const handle: HttpRoute['handle'] = ({ body, ...input }: RawInput, call) =>
    one.handle({ ...input, body: complete(body) }, call)
  return { ...one, handle }
}

function insideAgent(): SubagentError {
  return new SubagentError('needs-person', 'a sub-agent may not open the page', {
    hint: 'let the user do it: subagent-mcp ui',
  })
}

import { SubagentError } from '@subagent-mcp/contract'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import {
  bindLoopback,
  createOriginGuard,
  createForbiddenHttpRefusal,
  createUnauthorizedHttpRefusal,
  type RequestListenerFactory,
  type LoopbackListener,
} from '../connections/listen-on-loopback.js'
import { parseBearerToken } from '../connections/token.js'
import { parseRequestPath } from '../http/handle-request.js'
import type { HttpRefusal } from '../http/http-refusal.js'
import type { HttpRoute } from '../http/route.js'
import type { DaemonPort } from '../daemon-port.js'
import { createAgentChangeFeed } from './agent-change-feed.js'
import { dashboardHttpHeaders, readDashboardFiles, type DashboardFile } from './dashboard-files.js'
import {
  createDashboardRoutes,
  createStartDashboardRoute,
  type OpenDashboardPage,
} from './dashboard-routes.js'
import { createDashboardSessions, type DashboardSession } from './dashboard-sessions.js'

/** The server of the page in browsers. It listens on loopback from the first request for the page. */
export type DashboardServer = {
  open: OpenDashboardPage
  /** Returns the routes for the page that sends a request. */
  routesFor(request: IncomingMessage): readonly HttpRoute[]
  close(): void
}

export type DashboardServerOptions = {
  port: DaemonPort
  /** All HTTP routes of the API; a page may use those of its views. */
  routes: readonly HttpRoute[]
  /** Creates the listener of API requests, which uses `routesFor`. */
  createListener: RequestListenerFactory
}

/** Creates the server of the page, which does not listen yet. */
export function createDashboardServer({
  port,
  routes,
  createListener,
}: DashboardServerOptions): DashboardServer {
  const sessions = createDashboardSessions(port.supervisor.clock)
  const feed = createAgentChangeFeed(port)
  let listening: Promise<LoopbackListener> | undefined
  const listen = async (wanted: number): Promise<LoopbackListener> => {
    const files = readFiles(port)
    return bindLoopback(wanted, (chosen) => {
      const refuse = createPageGuard(chosen, sessions.find)
      return createPageListener(files, { refuse, answer: createListener(refuse) })
    }).catch((cause: unknown) => {
      throw notAt(wanted, cause)
    })
  }
  return {
    open: async (wanted, owner) => {
      listening ??= listen(wanted ?? 0).catch((error: unknown) => {
        listening = undefined
        throw error
      })
      const { port: present } = await listening
      if (wanted !== undefined && wanted !== present) throw isElsewhere(present)
      return { port: present, code: sessions.makeCode(owner) }
    },
    routesFor: (request) => {
      const token = parseBearerToken(request.headers.authorization)
      const session = sessions.find(token)
      const end = (): void => {
        sessions.end(token)
      }
      return session
        ? createDashboardRoutes(routes, { port, feed, session, end })
        : [createStartDashboardRoute(sessions, port.version)]
    },
    close: () => {
      void listening?.then(
        ({ close }) => {
          close()
        },
        () => undefined,
      )
    },
  }
}

function readFiles({ pageFolder }: DaemonPort): ReadonlyMap<string, DashboardFile> {
  try {
    if (pageFolder !== undefined) return readDashboardFiles(pageFolder)
  } catch (cause) {
    throw new SubagentError('io-failed', `the files of the page cannot be read: ${String(cause)}`, { cause })
  }
  throw new SubagentError('not-supported', 'this daemon has no page')
}

const startPath = '/v1/page/session'

/**
 * Returns the check of requests on the page's port: each must come from the page or be typed by a person, and have a token,
 * except for the exchange of a code for a token.
 */
function createPageGuard(
  port: number,
  find: (token: string) => DashboardSession | undefined,
): (request: IncomingMessage) => HttpRefusal | undefined {
  const refuseForeign = createOriginGuard(port)
  return (request) => {
    const { headers, method } = request
    const foreign = refuseForeign(request)
    if (foreign) return foreign
    // Browsers name the site that a request comes from. Another port of this machine counts as the same site, not the same origin.
    if (!ownSites.includes(headers['sec-fetch-site'] ?? 'none'))
      return createForbiddenHttpRefusal('Sec-Fetch-Site: not ours')
    const isExchange = method === 'POST' && parseRequestPath(request) === startPath
    return isExchange || find(parseBearerToken(headers.authorization))
      ? undefined
      : createUnauthorizedHttpRefusal()
  }
}

const ownSites = ['same-origin', 'none']

type PageAnswering = {
  refuse: (request: IncomingMessage) => HttpRefusal | undefined
  answer: RequestListener
}

/** Answers with a file of the page or, for other paths, as the API. Files need no token, because they are the same for everybody. */
function createPageListener(
  files: ReadonlyMap<string, DashboardFile>,
  { refuse, answer }: PageAnswering,
): RequestListener {
  return (request, response) => {
    for (const [name, value] of Object.entries(dashboardHttpHeaders)) response.setHeader(name, value)
    const file = isReading(request) ? files.get(parseRequestPath(request)) : undefined
    const refusal = file && refuse(request)
    if (file && (!refusal || refusal.status === 401)) sendFile(request, response, file)
    else answer(request, response)
  }
}

function isReading({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD'
}

function sendFile(
  { method }: IncomingMessage,
  response: ServerResponse,
  { type, content }: DashboardFile,
): void {
  response.writeHead(200, { 'content-type': type, 'content-length': content.length })
  response.end(method === 'HEAD' ? undefined : content)
}

function notAt(port: number, cause: unknown): SubagentError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new SubagentError('io-failed', `the page cannot be served at port ${port}: ${reason}`, {
    hint: 'choose another one with --port',
    cause,
  })
}

function isElsewhere(port: number): SubagentError {
  return new SubagentError('invalid-parameter', `the page is served at port ${port} already`, {
    hint: 'leave --port out; the port is chosen when the page is first opened after a start of the daemon',
  })
}

import { requestingProcessHeader, decodeRequestingProcessHeader } from '@subagent-mcp/api'
import { parseJson, SubagentError, type Clock } from '@subagent-mcp/contract'
import { createHttpExchange, usesMcpSessions, type HttpExchange } from '@subagent-mcp/mcp-server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { readJsonBody } from '../http/read-json-body.js'
import { convertErrorToHttpRefusal, type HttpRefusal } from '../http/http-refusal.js'
import type { DaemonPort } from '../daemon-port.js'
import { createClientPortLimiter } from '../scope/client-port-limiter.js'
import { createMcpCallers, type HttpMcpCaller, type McpHostOrigin } from './mcp-callers.js'
import { convertToWebRequest, writeWebResponse } from './write-web-response.js'

/** The path at which the daemon serves MCP over Streamable HTTP. */
export const mcpPath = '/mcp'

/** The header with the host's folder, percent-encoded, for hosts that do not name it in the URL (`?cwd=`). */
const folderHeader = 'subagent-mcp-cwd'

/**
 * The header with variables for the host's agents, as percent-encoded JSON. They are added to the daemon's variables, which
 * contain no keys.
 */
const environmentHeader = 'subagent-mcp-environment'

/** MCP over Streamable HTTP, with sessions for protocols before 2026. */
export type McpEndpoint = {
  /** Answers a request that has passed the guard of its listener. Rejects only for errors after the response has begun. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Ends all callers. Never rejects. */
  close(): Promise<void>
}

/** Creates the endpoint. `enterHost` counts a host until the returned function is called. */
export function createMcpEndpoint(all: DaemonPort, enterHost: () => () => void): McpEndpoint {
  const callers = createMcpCallers(enterHost)
  const servedFor = createClientPortLimiter(all)
  const { clock } = all.supervisor

  const readCallerState = async ({ request, web, body }: Incoming): Promise<HttpMcpCaller | HttpRefusal> => {
    const id = headerOf(request, 'mcp-session-id')
    const isSessioned = request.method !== 'POST' || (await usesMcpSessions(web, body))
    if (!isSessioned) return callers.stateless(placeOf(servedFor, request, body))
    if (id !== undefined) return callers.session(id) ?? noSession()
    if (request.method !== 'POST') return noStream()
    return isOpening({ request, body }) ? callers.openSession(placeOf(servedFor, request, body)) : noId()
  }
  const serve = async (incoming: Incoming, response: ServerResponse): Promise<void> => {
    const caller = await readCallerState(incoming)
    if ('status' in caller) {
      refuse(response, caller)
      return
    }
    const { web, body, exchange } = incoming
    const leave = caller.enter()
    response.once('close', () => {
      leave()
      if (!response.writableFinished) exchange.broken()
    })
    const source = await caller.answer(web, body, exchange)
    await writeWebResponse(source, { response, exchange, clock })
    // If the first message of a session is refused, the host never learns its id, so the session ends.
    if (source.status >= 400 && isOpening(incoming)) await caller.close()
  }
  return {
    handle: async (request, response) => {
      const read = request.method === 'POST' ? await readJsonBody(request) : nothing
      if (read.type === 'refused') {
        refuse(response, read.refusal)
        return
      }
      await serve(begin(request, read.value, clock), response).catch((error: unknown) => {
        if (!(error instanceof SubagentError)) all.log(`${mcpPath}: ${String(error)}`)
        refuse(response, convertErrorToHttpRefusal(error))
      })
    },
    close: callers.close,
  }
}

/** @throws SubagentError `invalid-parameter` */
function placeOf(
  servedFor: ReturnType<typeof createClientPortLimiter>,
  request: IncomingMessage,
  body: unknown,
): McpHostOrigin {
  const asker = decodeRequestingProcessHeader(headerOf(request, requestingProcessHeader))
  const host = hostIn(body)
  const port = servedFor(asker)
  return {
    port,
    cwd: folderOf(request),
    environment: { ...port.environment, ...environmentOf(request) },
    ...(host !== undefined && { host }),
    ...(asker && { pid: asker.pid }),
  }
}

type Incoming = { request: IncomingMessage; web: Request; body: unknown; exchange: HttpExchange }

function begin(request: IncomingMessage, body: unknown, clock: Clock): Incoming {
  const end = new AbortController()
  const { socket } = request
  const exchange = createHttpExchange(clock, () => socket.destroyed)
  exchange.onBroken(() => {
    end.abort()
  })
  return { request, web: convertToWebRequest(request, end.signal), body, exchange }
}

const nothing = { type: 'read', value: undefined } as const

/** The folder of the host, which every request without a session names. @throws SubagentError `invalid-parameter` */
function folderOf(request: IncomingMessage): string {
  const inUrl = new URL(request.url ?? '/', 'http://localhost').searchParams.get('cwd')
  const cwd = inUrl ?? decode(headerOf(request, folderHeader))
  if (cwd !== undefined && isAbsolute(cwd)) return cwd
  const hint = `add ?cwd=/path/to/project to the URL, or send the header ${folderHeader}`
  throw new SubagentError('invalid-parameter', 'cwd: the absolute path of a folder is needed', { hint })
}

/** @throws SubagentError `invalid-parameter` */
function environmentOf(request: IncomingMessage): z.infer<typeof Environment> {
  const text = decode(headerOf(request, environmentHeader))
  const environment = Environment.safeParse(text === undefined ? {} : parseJson(text)).data
  if (environment) return environment
  const hint = 'it is JSON, percent-encoded: {"NAME": "value"}'
  throw new SubagentError('invalid-parameter', `${environmentHeader}: not understood`, { hint })
}

const Environment = z.record(z.string(), z.string())

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return undefined // An invalid percent encoding names no folder.
  }
}

/** Whether a request opens a session. Its parameters are not checked here, because the session answers errors in them. */
function isOpening({ request, body }: Pick<Incoming, 'request' | 'body'>): boolean {
  const isFirst = headerOf(request, 'mcp-session-id') === undefined
  return isFirst && Method.safeParse(body).data?.method === 'initialize'
}

const Method = z.looseObject({ method: z.string() })

/** The MCP client name of a host, from `initialize`, or from each request in protocols since 2026. */
function hostIn(body: unknown): string | undefined {
  const { clientInfo, _meta } = Message.safeParse(body).data?.params ?? {}
  return (clientInfo ?? _meta?.['io.modelcontextprotocol/clientInfo'])?.name
}

const Named = z.looseObject({ name: z.string() })
const Message = z.looseObject({
  params: z
    .looseObject({
      clientInfo: Named.optional(),
      _meta: z.looseObject({ 'io.modelcontextprotocol/clientInfo': Named.optional() }).optional(),
    })
    .optional(),
})

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

function noSession(): HttpRefusal {
  return refusal(404, 'the session has ended', 'send initialize without Mcp-Session-Id')
}

function noId(): HttpRefusal {
  return refusal(400, 'the header Mcp-Session-Id is missing', 'send initialize first')
}

function noStream(): HttpRefusal {
  const { status, error } = refusal(405, 'without a session only POST is answered', 'send a POST')
  return { status, error, headers: { allow: 'POST' } }
}

function refusal(status: number, message: string, hint: string): HttpRefusal {
  return { status, error: new SubagentError('invalid-parameter', message, { hint }) }
}

/** Answers with a JSON-RPC error without an id. Its code is never -32000, because SDKs close the connection after that code. */
function refuse(response: ServerResponse, { status, error, headers }: HttpRefusal): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const { message, hint } = error
  const code = status === 404 ? notFound : status >= 500 ? internalError : invalidRequest
  const text = JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    error: { code, message: hint === undefined ? message : `${message}; ${hint}` },
  })
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(text)
}

/** Error codes of JSON-RPC, and that of MCP's SDKs for an unknown session. */
const [invalidRequest, internalError, notFound] = [-32_600, -32_603, -32_001]

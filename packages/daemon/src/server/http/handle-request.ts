import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  requestingProcessHeader,
  createErrorAnswer,
  decodeRequestingProcessHeader,
  type RequestingProcess,
} from '@subagent-mcp/api'
import type { ConnectionCount } from '../connections/connection-count.js'
import { mcpPath, type McpEndpoint } from '../mcp/mcp-endpoint.js'
import { findRoute } from './find-route.js'
import { readJsonBody } from './read-json-body.js'
import { convertErrorToHttpRefusal, type HttpRefusal } from './http-refusal.js'
import type { HttpRouteAnswer, HttpRoute } from './route.js'

export type HttpRequestHandlerOptions = {
  /** Returns the routes for a client, limited to what it may see and use. */
  routesFor(asker: RequestingProcess | undefined, request: IncomingMessage): readonly HttpRoute[]
  /** Answers the requests to `/mcp`. Default: there is no such path. */
  mcp?: McpEndpoint
  connectionCount: ConnectionCount
  /** Returns a refusal for a request whose body must not be read. */
  guard(request: IncomingMessage): HttpRefusal | undefined
  log(line: string): void
}

/** Creates the HTTP request listener. Each open request counts as one connection. */
export function createHttpRequestHandler(
  handling: HttpRequestHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { connectionCount, guard, log } = handling
  return (request, response) => {
    const hangUp = new AbortController()
    const leave = connectionCount.enter()
    onceOver(request, response, () => {
      leave()
      hangUp.abort(connectionClosed)
    })
    logProblems(request, response, log)
    const refusal = guard(request)
    if (refusal) {
      refuse(response, refusal)
      return
    }
    const answered =
      handling.mcp && parseRequestPath(request) === mcpPath
        ? handling.mcp.handle(request, response)
        : respond(handling, { request, response, signal: hangUp.signal })
    answered.catch((error: unknown) => {
      const told = convertErrorToHttpRefusal(error)
      if (told.status === 500) log(`${request.method ?? ''} ${parseRequestPath(request)}: ${faultOf(error)}`)
      refuse(response, told)
    })
  }
}

/** The reason of the signal of a request that is over. Without one, each request would cost an error with its stack. */
const connectionClosed = new Error('the connection is closed')

/**
 * Calls `act` once, when the response or its connection closes. Both are watched, because a pipelined response does not notice a
 * closed connection.
 */
function onceOver({ socket }: IncomingMessage, response: ServerResponse, act: () => void): void {
  const over = (): void => {
    socket.off('close', over)
    response.off('close', over)
    act()
  }
  response.once('close', over)
  // The number of listeners is not limited, because each waiting request of the connection adds one.
  socket.setMaxListeners(0).once('close', over)
}

/** Logs stream errors of one connection, which must not crash the daemon. A client that disconnects is no error. */
function logProblems(request: IncomingMessage, response: ServerResponse, log: (line: string) => void): void {
  const report = (error: Error): void => {
    if (!request.socket.destroyed)
      log(`${request.method ?? ''} ${parseRequestPath(request)}: ${error.message}`)
  }
  request.on('error', report)
  response.on('error', report)
}

type Exchange = { request: IncomingMessage; response: ServerResponse; signal: AbortSignal }

async function respond(
  { routesFor }: HttpRequestHandlerOptions,
  { request, response, signal }: Exchange,
): Promise<void> {
  const { method = 'GET' } = request
  const asker = decodeRequestingProcessHeader(headerOf(request, requestingProcessHeader))
  const found = findRoute(routesFor(asker, request), method, parseRequestPath(request))
  if (found.type === 'refused') {
    refuse(response, found.refusal)
    return
  }
  const { route, params } = found
  const { endpoint } = route
  if (method === 'HEAD' && endpoint.produces === 'text/event-stream') {
    response.writeHead(endpoint.status, { ...alwaysSent, 'content-type': endpoint.produces }).end()
    return
  }
  const body = method === 'POST' ? await readJsonBody(request) : nothing
  if (body.type === 'refused') {
    refuse(response, body.refusal)
    return
  }
  const input = { params, query: queryOf(request), body: body.value }
  const lastEventId = headerOf(request, 'last-event-id')
  const traceparent = headerOf(request, 'traceparent')
  answer(response, route, await route.handle(input, { signal, lastEventId, traceparent, response }))
}

const nothing = { type: 'read', value: {} } as const

const alwaysSent = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

function answer(response: ServerResponse, { endpoint }: HttpRoute, reply: HttpRouteAnswer): void {
  if (reply.type === 'streaming') return
  const text = typeof reply.answer === 'string' ? reply.answer : JSON.stringify(reply.answer)
  send(response, { status: endpoint.status, type: endpoint.produces, text })
}

function refuse(response: ServerResponse, { status, error, headers }: HttpRefusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  send(response, {
    status,
    type: 'application/json',
    text: JSON.stringify(createErrorAnswer(error)),
    ...(headers && { headers }),
  })
}

type Message = { status: number; type: string; text: string; headers?: Readonly<Record<string, string>> }

function send(response: ServerResponse, { status, type, text, headers }: Message): void {
  const length = Buffer.byteLength(text)
  response.writeHead(status, { ...alwaysSent, ...headers, 'content-type': type, 'content-length': length })
  response.end(text)
}

/** The path of a request's URL, without the query, because the query may contain private data. */
export function parseRequestPath({ url = '/' }: IncomingMessage): string {
  return url.split('?')[0] ?? '/'
}

function queryOf({ url = '/' }: IncomingMessage): Record<string, string> {
  const start = url.indexOf('?')
  return start < 0 ? {} : Object.fromEntries(new URLSearchParams(url.slice(start + 1)))
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

function faultOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

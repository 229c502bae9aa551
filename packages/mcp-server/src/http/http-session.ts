import {
  WebStandardStreamableHTTPServerTransport,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server'
import { openMcpCaller, type McpCaller, type OpenMcpCaller } from '../open-caller.js'
import { createMcpServer, notifyListChanges } from '../serve-mcp.js'
import {
  readCancelledRequestId,
  trackUnansweredRequests,
  type UnansweredRequests,
} from '../transport/unanswered-requests.js'
import {
  trackUnconfirmedExchanges,
  type UnconfirmedHttpExchanges,
  type HttpExchange,
} from './http-exchange.js'
import { parseJsonRpcMessages, type HttpCaller } from './http-caller.js'

/** The id of a session, and the function that is called when the host ends it with DELETE. */
export type McpHttpSessionOptions = { id: string; onDelete: () => void }

/** Opens a session of the protocols before 2026. Its first message must be `initialize`. */
export async function openMcpHttpSession(
  caller: McpCaller,
  options: McpHttpSessionOptions,
): Promise<HttpCaller> {
  const session: Session = {
    open: openMcpCaller(caller),
    exchanges: trackUnconfirmedExchanges(),
    exchangeOf: new Map(),
    requests: trackUnansweredRequests(),
    transport: createTransport(caller, options),
  }
  const { transport, requests } = session
  const mcp = createMcpServer(session.open, {
    expect: (requestId, receipt) => {
      const exchange = session.exchangeOf.get(requestId)
      if (exchange) exchange.expect(requestId, receipt)
      else receipt.lost?.(false)
    },
    cancelled: (requestId) => session.exchangeOf.get(requestId)?.cancelled(requestId),
  })
  mcp.server.onclose = notifyListChanges(mcp, session.open, 'legacy')
  const send = transport.send.bind(transport)
  transport.send = (message, more) => {
    requests.end(message)
    return send(message, more)
  }
  await mcp.connect(transport)
  readMessages(session)
  return {
    answer: (request, body, exchange) => answer(session, { request, body, exchange }),
    close: async () => {
      session.exchanges.close()
      session.open.close()
      await mcp.close()
    },
  }
}

type Transport = WebStandardStreamableHTTPServerTransport

type Session = {
  open: OpenMcpCaller
  exchanges: UnconfirmedHttpExchanges
  /** The exchanges of requests that are not answered yet, or whose answers may not have arrived. */
  exchangeOf: Map<RequestId, HttpExchange>
  requests: UnansweredRequests
  transport: Transport
}

function createTransport({ onProblem }: McpCaller, { id, onDelete }: McpHttpSessionOptions): Transport {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => id,
    onsessionclosed: onDelete,
  })
  transport.onerror = onProblem
  return transport
}

/** Passes each message of the host to the receipts before the server handles it, as on a shim's connection. */
function readMessages({ open, exchanges, exchangeOf, transport }: Session): void {
  const { onmessage } = transport
  transport.onmessage = (message, extra) => {
    const cancelled = readCancelledRequestId(message)
    if (cancelled === undefined) exchanges.heard()
    else exchangeOf.get(cancelled)?.cancelled(cancelled)
    for (const [requestId, exchange] of exchangeOf) if (exchange.isWritten()) exchangeOf.delete(requestId)
    open.client.onMessage(message)
    onmessage?.(message, extra)
    // A cancelled request gets no answer, so its stream must be ended here.
    if (cancelled !== undefined) transport.closeSSEStream(cancelled)
  }
}

type Posted = { request: Request; body: unknown; exchange: HttpExchange }

async function answer(session: Session, { request, body, exchange }: Posted): Promise<Response> {
  const { requests, transport, exchanges } = session
  const messages = parseJsonRpcMessages(body)
  // A message shows that the host runs and has read earlier responses.
  if (request.method === 'DELETE') exchanges.heard()
  const begun: RequestId[] = []
  for (const message of messages) {
    const refused = requests.begin(message)
    if (refused) {
      for (const requestId of begun) requests.begin(cancellationOf(requestId))
      return Response.json(refused.answer, { status: 400 })
    }
    if ('method' in message && 'id' in message) begun.push(message.id)
  }
  for (const requestId of begun) session.exchangeOf.set(requestId, exchange)
  exchanges.add(exchange)
  exchange.onBroken(() => {
    cancelAll(session, begun, exchange)
  })
  const response = await transport.handleRequest(request, body === undefined ? {} : { parsedBody: body })
  if (response.status >= 400) for (const requestId of begun) requests.begin(cancellationOf(requestId))
  return response
}

/** Cancels the calls of an exchange whose connection has ended, because their answers could not be sent. */
function cancelAll(
  { exchangeOf, requests, transport }: Session,
  ids: readonly RequestId[],
  exchange: HttpExchange,
): void {
  for (const requestId of ids) {
    if (exchangeOf.get(requestId) !== exchange) continue
    const cancel = cancellationOf(requestId)
    requests.begin(cancel)
    transport.onmessage?.(cancel)
    exchangeOf.delete(requestId)
  }
}

function cancellationOf(requestId: RequestId): JSONRPCMessage {
  return { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }
}

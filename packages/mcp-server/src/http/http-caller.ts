import {
  createMcpHandler,
  isLegacyRequest,
  parseJSONRPCMessage,
  type JSONRPCMessage,
} from '@modelcontextprotocol/server'
import { openMcpCaller, type McpCaller } from '../open-caller.js'
import { createMcpServer } from '../serve-mcp.js'
import { readCancelledRequestId, isTaskCancellation } from '../transport/unanswered-requests.js'
import { trackUnconfirmedExchanges, type HttpExchange } from './http-exchange.js'

/** A caller over Streamable HTTP. */
export type HttpCaller = {
  /** Answers one HTTP request, whose body is parsed JSON. The signal of the request aborts when the exchange is broken. */
  answer(request: Request, body: unknown, exchange: HttpExchange): Promise<Response>
  /** Ends the caller's streams and calls. Idempotent. */
  close(): Promise<void>
}

/** Whether a POST request speaks a protocol before 2026, which has sessions. */
export function usesMcpSessions(request: Request, body: unknown): Promise<boolean> {
  return isLegacyRequest(request, body)
}

/** Opens a caller of the protocol of 2026, which has no sessions: each request is served on its own, with the state of its caller. */
export function openStatelessHttpCaller(caller: McpCaller): HttpCaller {
  const open = openMcpCaller(caller)
  const exchanges = trackUnconfirmedExchanges()
  const exchangeOf = new WeakMap<Request, HttpExchange>()
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const exchange = requestInfo && exchangeOf.get(requestInfo)
      if (!exchange) throw new Error('an MCP server was asked for without an HTTP request')
      // The MCP SDK also aborts a tool call after its answer was sent. For an answer whose connection ends, the HTTP exchange
      // decides whether it counts as lost.
      return createMcpServer(open, { expect: exchange.expect, cancelled: () => undefined })
    },
    { legacy: 'reject', onerror: caller.onProblem },
  )
  const stopTelling = open.offer.onChange((list) => {
    if (list === 'tools') handler.notify.toolsChanged()
    else handler.notify.promptsChanged()
  })
  return {
    answer: (request, body, exchange) => {
      exchangeOf.set(request, exchange)
      for (const message of parseJsonRpcMessages(body)) {
        if (readCancelledRequestId(message) === undefined && !isTaskCancellation(message)) exchanges.heard()
        open.client.onMessage(message)
      }
      exchanges.add(exchange)
      return handler.fetch(request, { parsedBody: body })
    },
    close: async () => {
      exchanges.close()
      stopTelling()
      open.close()
      await handler.close()
    },
  }
}

/** The valid JSON-RPC messages in a body. The SDK's transport answers invalid messages with errors. */
export function parseJsonRpcMessages(body: unknown): readonly JSONRPCMessage[] {
  return [body].flat().flatMap((item) => {
    try {
      return parseJSONRPCMessage(item)
    } catch {
      return []
    }
  })
}

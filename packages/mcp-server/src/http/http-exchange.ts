import type { RequestId } from '@modelcontextprotocol/server'
import type { Clock } from '@subagent-mcp/contract'
import type { ExpectedReceipts } from '../serve-mcp.js'
import { createAnswerReceipts } from '../transport/answer-receipts.js'

/** One HTTP request of an MCP host with its response, and the receipts of the answers in that response. */
export type HttpExchange = ExpectedReceipts & {
  /** Called when the last byte of the response was passed to the system. */
  written(): void
  /** Called when the connection ended before the last byte. The answers in the response may have arrived; its calls are cancelled. */
  broken(): void
  /** Calls `listener` when the connection has ended before the whole response was sent. */
  onBroken(listener: () => void): void
  /** Called when the host sends a message in another exchange, which shows that the host has read this response. */
  heard(): void
  isWritten(): boolean
  /** Ends the exchange because its caller ends. An answer counts as lost unless it is known to have arrived. */
  close(): void
}

/**
 * Creates the exchange of one HTTP request. An answer counts as received when the complete response was written and the connection is
 * still open one second later, or when the host sends another message. If the connection ends within that second, the answer stays
 * undecided until the next message, because the client may have closed the connection normally or may have crashed.
 */
export function createHttpExchange(clock: Clock, isGone: () => boolean): HttpExchange {
  const ids = new Set<RequestId>()
  const listeners = new Set<() => void>()
  let isWritten = false
  const receipts = createAnswerReceipts(clock, {
    get writableLength() {
      return isWritten ? 0 : 1
    },
    isGone,
  })
  const send = (): void => {
    for (const id of ids) receipts.sent(id)
  }
  return {
    expect: (id, receipt) => {
      ids.add(id)
      receipts.expect(id, receipt)
    },
    cancelled: receipts.cancelled,
    written: () => {
      isWritten = true
      send()
    },
    broken: () => {
      send()
      receipts.close()
      for (const listener of listeners) listener()
    },
    onBroken: (listener) => listeners.add(listener),
    heard: receipts.heard,
    isWritten: () => isWritten,
    close: receipts.close,
  }
}

/** The exchanges of one caller whose answers may not have arrived yet. */
export type UnconfirmedHttpExchanges = {
  add(exchange: HttpExchange): void
  /** Called for each message of the host, except cancellations: earlier responses have arrived. */
  heard(): void
  close(): void
}

export function trackUnconfirmedExchanges(): UnconfirmedHttpExchanges {
  const exchanges = new Set<HttpExchange>()
  return {
    add: (exchange) => {
      exchanges.add(exchange)
      exchange.onBroken(() => exchanges.delete(exchange))
    },
    heard: () => {
      for (const exchange of exchanges) {
        exchange.heard()
        if (exchange.isWritten()) exchanges.delete(exchange)
      }
    },
    close: () => {
      for (const exchange of exchanges) exchange.close()
      exchanges.clear()
    },
  }
}

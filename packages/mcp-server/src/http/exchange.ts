import type { RequestId } from '@modelcontextprotocol/server'
import type { Clock } from '@subagent-mcp/contract'
import type { ExpectedReceipts } from '../serve.js'
import { createReceipts } from '../transport/receipts.js'

/** One HTTP request of an MCP host with the response to it, and the receipts of the answers in that response. */
export type HttpExchange = ExpectedReceipts & {
  /** Called when the last byte of the response was passed to the system. */
  written(): void
  /** Called when the connection ended before that: the answers in it may have arrived, and its calls are cancelled. */
  broken(): void
  /** Calls `listener` when the exchange is broken. */
  onBroken(listener: () => void): void
  /** Called when the host sends a message in another exchange. */
  heard(): void
  isWritten(): boolean
  /** Ends the exchange with its caller: every answer that is not known to have arrived is lost. */
  close(): void
}

/**
 * Creates the exchange of one HTTP request. An answer counts as received when the whole response was written and the
 * connection is open a second later, or when the host sends another message. A client may close its connection after each
 * response, which a crash looks like too, so a connection that ends sooner settles nothing until the next message.
 */
export function createExchange(clock: Clock, isGone: () => boolean): HttpExchange {
  const ids = new Set<RequestId>()
  const listeners = new Set<() => void>()
  let isWritten = false
  const receipts = createReceipts(clock, {
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
export type UnconfirmedExchanges = {
  add(exchange: HttpExchange): void
  /** Called for each message of the host that is no cancellation. */
  heard(): void
  close(): void
}

export function createExchanges(): UnconfirmedExchanges {
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

import type { JSONRPCMessage } from '@modelcontextprotocol/server'

/**
 * Makes the ids of the server's requests to its host unique across daemons. They begin at `openedAt` (Unix milliseconds), and not at 0
 * as in the SDK. A host outlives daemons, and its answer to an ended daemon must not match a request of the next one.
 */
export function createUniqueRequestIds(openedAt: number) {
  const first = (openedAt % period) * requestsPerMillisecond
  return {
    /** Converts the ids in a message to the host from the SDK's numbers to this connection's. */
    outgoing: (message: JSONRPCMessage): JSONRPCMessage => {
      if (!('method' in message)) return message
      if ('id' in message) return { ...message, id: moved(message.id, first) }
      const requestId = message.method === cancelled ? message.params?.['requestId'] : undefined
      if (typeof requestId !== 'number') return message
      return { ...message, params: { ...message.params, requestId: moved(requestId, first) } }
    },
    /** Converts the id in a message from the host back to the SDK's number. */
    incoming: (message: JSONRPCMessage): JSONRPCMessage => {
      if ('method' in message || message.id === undefined) return message
      return { ...message, id: moved(message.id, -first) }
    },
  }
}

/** The ids that one connection may use per millisecond. Two connections that open in the same millisecond have different hosts. */
const requestsPerMillisecond = 1_000

/** The milliseconds after which the ids begin again, because some hosts read an id as a 32-bit integer. */
const period = 1_000_003

const cancelled = 'notifications/cancelled'

function moved<Id extends string | number>(id: Id, by: number): Id | number {
  return typeof id === 'number' ? id + by : id
}

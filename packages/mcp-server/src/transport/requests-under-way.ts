import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { refusedMessage, refuseWrongParams, type RefusedMessage } from './read-message.js'

/** The requests of one client that are not answered yet. */
export type RequestsUnderWay = {
  /** Registers a message of the client. Returns the refusal of a request that must not start. */
  begin(message: JSONRPCMessage): RefusedMessage | undefined
  /** Removes the request that an outgoing message answers. */
  end(message: JSONRPCMessage): void
}

/**
 * The most unanswered requests of one client. So many waits take about 100 ms to end when the client leaves. More are refused,
 * not left unread: what ends the waits, such as a permission answer, may be among them.
 */
const mostUnderWay = 256

export function trackRequests(): RequestsUnderWay {
  const ids = new Set<RequestId>()
  return {
    begin: (message) => {
      if (!('method' in message)) return undefined
      if (!('id' in message)) {
        // A cancelled request gets no answer.
        if (message.method === 'notifications/cancelled') ids.delete(cancelledIn(message.params))
        return undefined
      }
      const { id } = message
      if (ids.has(id)) return refusedMessage(id, 'invalidRequest', 'a request with this id is under way')
      if (ids.size >= mostUnderWay) return refusedMessage(id, 'internalError', tooMany)
      const refused = refuseWrongParams(message)
      if (!refused) ids.add(id)
      return refused
    },
    end: (message) => {
      if (!('method' in message) && message.id !== undefined) ids.delete(message.id)
    },
  }
}

const tooMany = `${mostUnderWay} requests of this connection are under way: wait for their answers, or cancel some`

function cancelledIn(params: unknown): RequestId {
  return Cancelled.safeParse(params).data?.requestId ?? ''
}

const Cancelled = z.looseObject({ requestId: z.union([z.string(), z.number()]) })

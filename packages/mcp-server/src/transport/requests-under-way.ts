import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { refused, type RefusedMessage } from './read-message.js'

/** The requests of one client that have no answer yet. */
export type RequestsUnderWay = {
  /** Registers a message of the client. Returns the refusal of a request that must not start now. */
  begin(message: JSONRPCMessage): RefusedMessage | undefined
  /** Removes the request that an outgoing message answers. */
  end(message: JSONRPCMessage): void
}

/**
 * Each may be a wait, which looks at every fact and is ended when its client leaves: so many take some 100 ms for that.
 * More are refused and not left unread, because what ends the others, such as the answer to a question, may be among them.
 */
const mostUnderWay = 256

/** Creates an empty set. */
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
      if (ids.has(id)) return refused(id, 'invalidRequest', 'a request with this id is under way')
      if (ids.size >= mostUnderWay) return refused(id, 'internalError', tooMany)
      ids.add(id)
      return undefined
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

import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { refuseMessage, refuseInvalidParams, type RefusedMessage } from './read-message.js'

/** The requests of one client that are not answered yet. */
export type UnansweredRequests = {
  /** Registers a message of the client. Returns a refusal if the message is a request beyond the limit. */
  begin(message: JSONRPCMessage): RefusedMessage | undefined
  /** Removes the request that an outgoing message answers. */
  end(message: JSONRPCMessage): void
}

/**
 * The most unanswered requests of one client; ending so many takes about 100 ms when the client leaves. Further ones are refused
 * and not left unread, because the answer to a permission request, which ends waits, may be among them.
 */
const mostUnderWay = 256

export function trackUnansweredRequests(): UnansweredRequests {
  const ids = new Set<RequestId>()
  return {
    begin: (message) => {
      if (!('method' in message)) return undefined
      if (!('id' in message)) {
        // A cancelled request gets no answer.
        ids.delete(readCancelledRequestId(message) ?? '')
        return undefined
      }
      const { id } = message
      if (ids.has(id)) return refuseMessage(id, 'invalidRequest', 'a request with this id is under way')
      if (ids.size >= mostUnderWay) return refuseMessage(id, 'internalError', tooMany)
      const refused = refuseInvalidParams(message)
      if (!refused) ids.add(id)
      return refused
    },
    end: (message) => {
      if (!('method' in message) && message.id !== undefined) ids.delete(message.id)
    },
  }
}

const tooMany = `${mostUnderWay} requests of this connection are under way: wait for their answers, or cancel some`

/** Whether a message cancels a task. The host may have sent it before the task's result arrived. */
export function isTaskCancellation(message: JSONRPCMessage): boolean {
  return 'method' in message && message.method === 'tasks/cancel'
}

/** The id of the request that a message cancels; `undefined` for other messages. */
export function readCancelledRequestId(message: JSONRPCMessage): RequestId | undefined {
  const isCancel = 'method' in message && message.method === 'notifications/cancelled'
  return isCancel ? CancelledCall.safeParse(message.params).data?.requestId : undefined
}

const CancelledCall = z.looseObject({ requestId: z.union([z.string(), z.number()]) })

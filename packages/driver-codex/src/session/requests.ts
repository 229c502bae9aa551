import type { ModelSettings } from '../launch/choose-model.js'
import type { ThreadParams } from '../launch/thread-params.js'

/** A request of ours, as it goes over the wire; what it comes to is read in `answered`. */
export type Call =
  | { method: 'turn/start'; params: MessageParams & ModelSettings }
  | { method: 'turn/steer'; params: MessageParams & { expectedTurnId: string } }
  | { method: 'turn/interrupt'; params: { threadId: string; turnId: string } }
  | { method: 'thread/start'; params: ThreadParams }
  | { method: 'thread/inject_items'; params: { threadId: string; items: readonly unknown[] } }
  | { method: 'thread/revert'; params: { threadId: string; beforeTurnId: string } }
  | { method: 'thread/backgroundTerminals/clean'; params: { threadId: string } }

type MessageParams = { threadId: string; clientUserMessageId: string; input: readonly unknown[] }

/** A message for the model: where to, our id of it, what it says. */
export type Message = { threadId: string; id: string; text: string }

/** Starts a turn. */
export function startTurn(message: Message, settings: ModelSettings): Call {
  return { method: 'turn/start', params: { ...messageParams(message), ...settings } }
}

/** Puts a message into the turn that runs. */
export function steerTurn(message: Message, turnId: string): Call {
  return { method: 'turn/steer', params: { ...messageParams(message), expectedTurnId: turnId } }
}

/** Ends the turn that runs; what its commands do goes on. */
export function interruptTurn(threadId: string, turnId: string): Call {
  return { method: 'turn/interrupt', params: { threadId, turnId } }
}

/** Ends the commands of a thread. */
export function cleanTerminals(threadId: string): Call {
  return { method: 'thread/backgroundTerminals/clean', params: { threadId } }
}

/** Adds to what the model knows of a conversation. */
export function injectItems(threadId: string, items: readonly unknown[]): Call {
  return { method: 'thread/inject_items', params: { threadId, items } }
}

function messageParams({ threadId, id, text }: Message): MessageParams {
  return { threadId, clientUserMessageId: id, input: [{ type: 'text', text, text_elements: [] }] }
}

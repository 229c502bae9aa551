import type { JsonSchema } from '@subagent-mcp/contract'
import type { ModelSettings } from '../launch/choose-model.js'
import type { ThreadParams } from '../launch/thread-params.js'

/** A request to Codex. `readCodexAnswer` reads the answer. */
export type CodexRequest =
  | { method: 'turn/start'; params: MessageParams & ModelSettings & { outputSchema?: JsonSchema } }
  | { method: 'turn/steer'; params: MessageParams & { expectedTurnId: string } }
  | { method: 'turn/interrupt'; params: { threadId: string; turnId: string } }
  | { method: 'thread/start'; params: ThreadParams }
  | { method: 'thread/inject_items'; params: { threadId: string; items: readonly unknown[] } }
  | { method: 'thread/revert'; params: { threadId: string; beforeTurnId: string } }
  | { method: 'thread/backgroundTerminals/clean'; params: { threadId: string } }

type MessageParams = { threadId: string; clientUserMessageId: string; input: readonly unknown[] }

/** A user message for a Codex thread, with the paths of its images; `id` is chosen by the sender. */
export type TurnMessage = { threadId: string; id: string; text: string; images?: readonly string[] }

/** Creates the Codex request that starts a turn. `outputSchema` holds for this turn alone. */
export function startTurnRequest(
  message: TurnMessage,
  settings: ModelSettings & { outputSchema?: JsonSchema },
): CodexRequest {
  return { method: 'turn/start', params: { ...messageParams(message), ...settings } }
}

/** Creates the Codex request that puts a message into the running turn. */
export function steerTurnRequest(message: TurnMessage, turnId: string): CodexRequest {
  return { method: 'turn/steer', params: { ...messageParams(message), expectedTurnId: turnId } }
}

/** Creates the Codex request that ends the running turn; its commands keep running. */
export function interruptTurnRequest(threadId: string, turnId: string): CodexRequest {
  return { method: 'turn/interrupt', params: { threadId, turnId } }
}

/** Creates the Codex request that ends the commands of a thread. */
export function cleanTerminalsRequest(threadId: string): CodexRequest {
  return { method: 'thread/backgroundTerminals/clean', params: { threadId } }
}

/** Creates the Codex request that adds items to the conversation of a thread. */
export function injectItemsRequest(threadId: string, items: readonly unknown[]): CodexRequest {
  return { method: 'thread/inject_items', params: { threadId, items } }
}

function messageParams({ threadId, id, text, images = [] }: TurnMessage): MessageParams {
  const words = { type: 'text', text, text_elements: [] }
  const input = [words, ...images.map((path) => ({ type: 'localImage', path }))]
  return { threadId, clientUserMessageId: id, input }
}

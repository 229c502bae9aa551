import type { JsonSchema } from '@subagent-mcp/contract'
import type { CodexModelSettings } from '../launch/choose-model.js'
import type { CodexThreadParams } from '../launch/thread-params.js'

/** A request to Codex. `readCodexAnswer` reads the answer. */
export type CodexRequest =
  | { method: 'turn/start'; params: MessageParams & CodexModelSettings & { outputSchema?: JsonSchema } }
  | { method: 'turn/steer'; params: MessageParams & { expectedTurnId: string } }
  | { method: 'turn/interrupt'; params: { threadId: string; turnId: string } }
  | { method: 'thread/start'; params: CodexThreadParams }
  | { method: 'thread/inject_items'; params: { threadId: string; items: readonly unknown[] } }
  | { method: 'thread/revert'; params: { threadId: string; beforeTurnId: string } }
  | { method: 'thread/backgroundTerminals/clean'; params: { threadId: string } }

type MessageParams = { threadId: string; clientUserMessageId: string; input: readonly unknown[] }

/** A user message for a Codex thread, with the paths of its images; `id` is chosen by the sender. */
export type TurnMessage = { threadId: string; id: string; text: string; images?: readonly string[] }

/** Creates the Codex request that starts a turn. `outputSchema` holds for this turn alone. */
export function createStartTurnRequest(
  message: TurnMessage,
  settings: CodexModelSettings & { outputSchema?: JsonSchema },
): CodexRequest {
  return { method: 'turn/start', params: { ...messageParams(message), ...settings } }
}

/**
 * Whether the model API holds answers to a schema. Codex asks for that in strict mode, which refuses other schemas with an
 * error: every object must list all its properties as required and allow no others, and few keys are known.
 */
export function codexAcceptsSchema(schema: JsonSchema): boolean {
  return schema['type'] === 'object' && isStrict(schema)
}

const plainKeys: ReadonlySet<string> = new Set([
  ...['type', 'title', 'description', 'enum', 'const', '$ref', 'required', 'additionalProperties'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems'],
])

function isStrict(schema: unknown): boolean {
  if (!isObject(schema)) return false
  if (schema['type'] === 'object' && !isClosed(schema)) return false
  return Object.entries(schema).every(([key, value]) => {
    if (key === 'properties' || key === '$defs')
      return isObject(value) && Object.values(value).every(isStrict)
    if (key === 'items') return isStrict(value)
    if (key === 'anyOf') return Array.isArray(value) && value.every(isStrict)
    return plainKeys.has(key)
  })
}

function isClosed({ properties, required, additionalProperties }: JsonSchema): boolean {
  if (!isObject(properties) || !Array.isArray(required) || additionalProperties !== false) return false
  return Object.keys(properties).every((name) => required.includes(name))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function createSteerTurnRequest(message: TurnMessage, turnId: string): CodexRequest {
  return { method: 'turn/steer', params: { ...messageParams(message), expectedTurnId: turnId } }
}

/** Creates the Codex request that ends the running turn; its commands keep running. */
export function createInterruptTurnRequest(threadId: string, turnId: string): CodexRequest {
  return { method: 'turn/interrupt', params: { threadId, turnId } }
}

export function createEndCommandsRequest(threadId: string): CodexRequest {
  return { method: 'thread/backgroundTerminals/clean', params: { threadId } }
}

export function createInjectItemsRequest(threadId: string, items: readonly unknown[]): CodexRequest {
  return { method: 'thread/inject_items', params: { threadId, items } }
}

function messageParams({ threadId, id, text, images = [] }: TurnMessage): MessageParams {
  const words = { type: 'text', text, text_elements: [] }
  const input = [words, ...images.map((path) => ({ type: 'localImage', path }))]
  return { threadId, clientUserMessageId: id, input }
}

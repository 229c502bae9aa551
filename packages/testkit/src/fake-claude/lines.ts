/** A line of a fake's stdout. */
export type Line = Record<string, unknown>

/** Comes when the CLI begins with messages; older versions do not name them. */
export function initLine(sessionId: string, messages: readonly string[] | undefined): Line {
  const names = messages === undefined ? {} : { user_message_uuids: messages }
  return { type: 'system', subtype: 'init', session_id: sessionId, model: 'fake-model', ...names }
}

/** The conversation was cleared; older versions do not say so. */
export function clearedLine(sessionId: string, messageId: string | undefined): Line {
  return { type: 'conversation_reset', trigger: 'clear', session_id: sessionId, user_message_uuid: messageId }
}

/** The models of the CLI: one model with two names. */
export const models: readonly Line[] = ['default', 'fake'].map((value) => ({
  value,
  resolvedModel: 'fake-model',
  displayName: value === 'fake' ? 'Fake' : 'Default (recommended)',
  supportedEffortLevels: ['low', 'high'],
}))

/** The applied settings, regardless of the settings that were asked for. */
export const applied: Line = { model: 'fake-model', effort: 'low', ultracode: false }

/** A message of the user, replayed. */
export function replayLine(uuid: string, text: string): Line {
  return { type: 'user', message: { role: 'user', content: text }, uuid, isReplay: true }
}

/** A piece of text as it is written. */
export function deltaLine(text: string): Line {
  const event = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }
  return { type: 'stream_event', event, parent_tool_use_id: null }
}

/** A message or tool call of the model. */
export function assistantLine(block: Line, error?: string): Line {
  const model = error === undefined ? 'fake-model' : '<synthetic>'
  const message = { role: 'assistant', model, content: [block] }
  return { type: 'assistant', message, parent_tool_use_id: null, ...(error !== undefined && { error }) }
}

/** The result of a tool. */
export function toolResult(id: string, failed: boolean): Line {
  const content = failed ? 'it was not allowed' : 'it ran'
  const block = { type: 'tool_result', tool_use_id: id, content, is_error: failed }
  return { type: 'user', message: { role: 'user', content: [block] }, parent_tool_use_id: null }
}

/** A question whether a tool may run. */
export function question(id: string, tool: string, input: unknown): Line {
  const request = { subtype: 'can_use_tool', tool_name: tool, input, tool_use_id: id }
  return { type: 'control_request', request_id: `may-${id}`, request }
}

/** The answer of the CLI to a control request. */
export function response(id: string, body: Line = {}): Line {
  return { type: 'control_response', response: { subtype: 'success', request_id: id, response: body } }
}

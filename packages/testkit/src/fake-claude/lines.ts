/** A JSON line that a fake `claude` writes. */
export type Line = Record<string, unknown>

/** Creates the line with which `claude` begins with messages; older versions do not name them. */
export function initLine(sessionId: string, messages: readonly string[] | undefined): Line {
  const names = messages === undefined ? {} : { user_message_uuids: messages }
  return { type: 'system', subtype: 'init', session_id: sessionId, model: 'fake-model', ...names }
}

/** Creates the line which reports that the conversation was cleared; older versions have none. */
export function clearedLine(sessionId: string, messageId: string | undefined): Line {
  return { type: 'conversation_reset', trigger: 'clear', session_id: sessionId, user_message_uuid: messageId }
}

/** The model list of a fake `claude`: one model with two names. */
export const modelList: readonly Line[] = ['default', 'fake'].map((value) => ({
  value,
  resolvedModel: 'fake-model',
  displayName: value === 'fake' ? 'Fake' : 'Default (recommended)',
  supportedEffortLevels: ['low', 'high'],
}))

/** The settings that a fake `claude` reports as applied, whatever was asked for. */
export const appliedSettings: Line = { model: 'fake-model', effort: 'low', ultracode: false }

/** Creates the line that replays a user message. */
export function replayLine(uuid: string, text: string): Line {
  return { type: 'user', message: { role: 'user', content: text }, uuid, isReplay: true }
}

/** Creates the line with a piece of streamed text. */
export function deltaLine(text: string): Line {
  const event = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }
  return { type: 'stream_event', event, parent_tool_use_id: null }
}

/** Creates the line with a message or tool call of the model. */
export function assistantLine(block: Line, error?: string): Line {
  const model = error === undefined ? 'fake-model' : '<synthetic>'
  const message = { role: 'assistant', model, content: [block] }
  return { type: 'assistant', message, parent_tool_use_id: null, ...(error !== undefined && { error }) }
}

/** Creates the line with the result of a tool. */
export function toolResult(id: string, failed: boolean): Line {
  const content = failed ? 'it was not allowed' : 'it ran'
  const block = { type: 'tool_result', tool_use_id: id, content, is_error: failed }
  return { type: 'user', message: { role: 'user', content: [block] }, parent_tool_use_id: null }
}

/** Creates the fake's request for permission to run a tool. */
export function toolQuestion(id: string, tool: string, input: unknown): Line {
  const request = { subtype: 'can_use_tool', tool_name: tool, input, tool_use_id: id }
  return { type: 'control_request', request_id: `may-${id}`, request }
}

/** Creates the fake's answer to a control request. */
export function controlResponseLine(id: string, body: Line = {}): Line {
  return { type: 'control_response', response: { subtype: 'success', request_id: id, response: body } }
}

/** Tells that the account has reached its limit, which ends at a time in Unix seconds. */
export function limitLine(resetsAt: number): Line {
  const limit = { status: 'rejected', resetsAt, rateLimitType: 'five_hour', isUsingOverage: false }
  return { type: 'rate_limit_event', rate_limit_info: limit }
}

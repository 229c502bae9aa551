import type { FakeAcpBehaviour } from './behaviour.js'

/** A JSON message of a fake ACP agent. */
export type Line = Record<string, unknown>

/** Writes a message of the fake; a text is written as it is, without a line break. */
export type WriteLine = (line: Line | string) => void

/** Creates the fake's answer to a request. */
export function answerLine(id: number | undefined, body: Line): Line {
  return { jsonrpc: '2.0', id, result: body }
}

/** Creates the fake's refusal of a request. */
export function refusal(id: number | undefined, code: number, message: string): Line {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

/** Creates a notification with an update of an ACP session. */
export function update(sessionId: string, body: Line): Line {
  return { jsonrpc: '2.0', method: 'session/update', params: { sessionId, update: body } }
}

/** Creates the update with a session's cost after a number of turns. */
export function costUpdate(sessionId: string, turns: number): Line {
  return update(sessionId, {
    sessionUpdate: 'usage_update',
    cost: { amount: turns * 0.5, currency: 'USD' },
  })
}

/** Creates the update with a piece of text of the model or the user. */
export function textChunk(sessionId: string, kind: 'agent' | 'user', text: string): Line {
  return update(sessionId, { sessionUpdate: `${kind}_message_chunk`, content: { type: 'text', text } })
}

/** Creates the fake's permission request for a tool call. */
export function toolQuestion(sessionId: string, call: Line, behaviour: FakeAcpBehaviour): Line {
  const always = { optionId: 'always', name: 'Always', kind: 'allow_always' }
  const once = [
    { optionId: 'once', name: 'Once', kind: 'allow_once' },
    { optionId: 'no', name: 'No', kind: 'reject_once' },
  ]
  const options = behaviour === 'allows-always' ? [always] : [always, ...once]
  const params = { sessionId, options, toolCall: { ...call, status: 'pending' } }
  return {
    jsonrpc: '2.0',
    id: `may-${String(call['toolCallId'])}`,
    method: 'session/request_permission',
    params,
  }
}

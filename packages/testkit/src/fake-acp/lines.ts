import type { FakeAcpBehaviour } from './behaviour.js'

/** A message of a fake's. */
export type Line = Record<string, unknown>

/** A string goes out as it is, without an end of line. */
export type Write = (line: Line | string) => void

/** The answer to a request. */
export function result(id: number | undefined, body: Line): Line {
  return { jsonrpc: '2.0', id, result: body }
}

/** A request that was refused. */
export function refusal(id: number | undefined, code: number, message: string): Line {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

/** An update of a session. */
export function update(sessionId: string, body: Line): Line {
  return { jsonrpc: '2.0', method: 'session/update', params: { sessionId, update: body } }
}

/** The cost of a session after a number of turns. */
export function cost(sessionId: string, turns: number): Line {
  return update(sessionId, { sessionUpdate: 'usage_update', cost: { amount: turns * 0.5, currency: 'USD' } })
}

/** A piece of text of the model or the user. */
export function chunk(sessionId: string, kind: 'agent' | 'user', text: string): Line {
  return update(sessionId, { sessionUpdate: `${kind}_message_chunk`, content: { type: 'text', text } })
}

/** A question whether a tool may run. */
export function question(sessionId: string, call: Line, behaviour: FakeAcpBehaviour): Line {
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

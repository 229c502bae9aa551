import type { FakeClaudeBehaviour } from './behaviour.js'
import type { FakeTurn, UserMessage } from './fake-turn.js'
import type { Request } from './received.js'
import { appliedSettings, modelList, controlResponseLine, type Line } from './lines.js'

/** The state with which a fake `claude` answers a control request. */
export type ControlRequestContext = {
  behaviour: FakeClaudeBehaviour
  turn: FakeTurn | undefined
  waiting: UserMessage[]
  /** The user messages in the fake's conversation so far. */
  told: UserMessage[]
  /** Writes a line to stdout; a text is written as it is, without a line break. */
  write: (line: Line | string) => void
}

/** Answers a control request, or misbehaves as the behaviour says. */
export function answerRequest({ request_id: id, request }: Request, moment: ControlRequestContext): void {
  const { behaviour, turn, waiting, told, write } = moment
  if (request.subtype === 'initialize') {
    answerHandshake(id, moment)
    return
  }
  if (behaviour === 'answers-no-request' || (behaviour === 'hangs-in-turn' && turn !== undefined)) return
  if (request.subtype === 'cancel_async_message') {
    const index = waiting.findIndex(({ uuid }) => uuid === request.message_uuid)
    if (index !== -1) waiting.splice(index, 1)
    write(controlResponseLine(id, { cancelled: index !== -1 }))
    return
  }
  if (request.subtype === 'rewind_conversation') {
    const target = behaviour === 'refuses-rewind' ? undefined : request.target_message_uuid
    write(controlResponseLine(id, rewind(told, target)))
    return
  }
  write(controlResponseLine(id, request.subtype === 'get_settings' ? { applied: appliedSettings } : {}))
  if (request.subtype === 'interrupt' && behaviour !== 'never-ends-a-turn') turn?.interrupt()
}

/** Makes the fake `claude` forget a message and all after it; returns the answer to the request. */
function rewind(told: UserMessage[], target: string | undefined): Line {
  const index = told.findIndex(({ uuid }) => uuid === target)
  const [forgotten] = index === -1 ? [] : told.splice(index)
  if (forgotten === undefined)
    return { rewound: false, error: 'target not found', reason: 'target_not_found' }
  return { rewound: true, targetMessageUuid: forgotten.uuid, prefillText: forgotten.text }
}

function answerHandshake(id: string, { behaviour, write }: ControlRequestContext): void {
  if (behaviour === 'hangs-at-handshake') return
  if (behaviour === 'refuses-handshake') {
    const refusal = { subtype: 'error', request_id: id, error: 'not today' }
    write({ type: 'control_response', response: refusal })
    return
  }
  if (behaviour === 'speaks-at-once') {
    const notice = { type: 'system', subtype: 'informational', content: 'a word first' }
    write(`${JSON.stringify(controlResponseLine(id, { models: modelList }))}\n${JSON.stringify(notice)}\n`)
  } else write(controlResponseLine(id, { models: modelList }))
  if (behaviour === 'dies-after-first-line') process.kill(process.pid, 'SIGKILL')
}

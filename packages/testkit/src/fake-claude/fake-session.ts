import { randomUUID } from 'node:crypto'
import type { FakeClaudeBehaviour } from './behaviour.js'
import { createFakeTurn, type FakeTurn, type TurnResult, type UserMessage } from './fake-turn.js'
import { Heard, type Answer, type Request } from './heard.js'
import { init, replay, response, type Line } from './lines.js'
import { misbehaveAtResult, misbehaveInTurn } from './misbehave.js'
import { resultLine } from './result-line.js'

/** What a fake is made of. */
export type FakeParts = {
  behaviour: FakeClaudeBehaviour
  sessionId: string
  /** A string goes out as it is, without an end of line. */
  write: (line: Line | string) => void
}

/** A session of a fake `claude`: one turn at a time, what else it is told waits. */
export function createFakeSession({ behaviour, write, sessionId: firstId }: FakeParts) {
  let sessionId = firstId
  let turn: FakeTurn | undefined
  let turns = 0
  let stayAlive: NodeJS.Timeout | undefined
  const waiting: UserMessage[] = []

  const finish = (messages: readonly UserMessage[], result: TurnResult) => {
    turns += 1
    turn = undefined
    clearInterval(stayAlive)
    const line = resultLine({ behaviour, sessionId, turns, messages, result })
    misbehaveAtResult(behaviour, line, write)
    beginSoon()
  }
  const begin = () => {
    if (turn !== undefined || waiting.length === 0) return
    const taken = waiting.splice(0)
    if (taken[0]?.text === '/clear') sessionId = randomUUID()
    write(init(sessionId))
    if (taken[0]?.text === '/clear') {
      finish(taken, { type: 'cleared' })
      return
    }
    for (const { uuid, text } of taken) write(replay(uuid, text))
    stayAlive = setInterval(() => undefined, 1000)
    const started = createFakeTurn({ taken, waiting, write, finish })
    turn = started
    if (!misbehaveInTurn(behaviour, write)) started.go()
  }
  // What comes before a turn has begun is acknowledged and forgotten, as in 2.1.329.
  const beginSoon = () => setTimeout(begin, 5)

  const answerRequest = ({ request_id: id, request }: Request) => {
    const isMute = behaviour === 'answers-no-request' || (behaviour === 'hangs-in-turn' && turn !== undefined)
    if (request.subtype === 'initialize') answerHandshake(behaviour, id, write)
    else if (isMute) return
    else if (request.subtype === 'interrupt') {
      write(response(id))
      turn?.interrupt()
    } else if (request.subtype === 'cancel_async_message') {
      const index = waiting.findIndex(({ uuid }) => uuid === request.message_uuid)
      if (index !== -1) waiting.splice(index, 1)
      write(response(id, { cancelled: index !== -1 }))
    } else write(response(id))
  }
  return {
    hear: (heard: unknown) => {
      const line = Heard.parse(heard)
      if (line.type === 'control_request') answerRequest(line)
      else if (line.type === 'control_response') answered(line, turn)
      else {
        waiting.push({ uuid: line.uuid, text: line.message.content })
        beginSoon()
      }
    },
  }
}

function answered({ response }: Answer, turn: FakeTurn | undefined): void {
  if (response.request_id === 'mystery') turn?.go()
  else turn?.answer(response.response?.behavior === 'allow')
}

function answerHandshake(behaviour: FakeClaudeBehaviour, id: string, write: FakeParts['write']): void {
  if (behaviour === 'hangs-at-handshake') return
  if (behaviour === 'refuses-handshake') {
    const refusal = { subtype: 'error', request_id: id, error: 'not today' }
    write({ type: 'control_response', response: refusal })
    return
  }
  write(response(id))
  if (behaviour === 'dies-after-first-line') process.kill(process.pid, 'SIGKILL')
}

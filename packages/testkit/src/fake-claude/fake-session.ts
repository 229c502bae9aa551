import { randomUUID } from 'node:crypto'
import { answerRequest } from './answer-request.js'
import type { FakeClaudeBehaviour } from './behaviour.js'
import { createFakeTurn, type FakeTurn, type TurnResult, type UserMessage } from './fake-turn.js'
import { Heard, type Answer } from './heard.js'
import { init, replay, type Line } from './lines.js'
import { misbehaveAtResult, misbehaveInTurn } from './misbehave.js'
import { resultLine } from './result-line.js'

/** What a fake is made of. */
export type FakeParts = {
  behaviour: FakeClaudeBehaviour
  sessionId: string
  /** A string goes out as it is, without an end of line. */
  write: (line: Line | string) => void
}

/** Takes what comes on stdin. */
export type FakeSession = { hear(heard: unknown): void }

/** A session of a fake `claude`: one turn at a time, what else it is told waits. */
export function createFakeSession({ behaviour, write, sessionId: firstId }: FakeParts): FakeSession {
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
    write(init(sessionId, behaviour === 'older' ? undefined : taken.map(({ uuid }) => uuid)))
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

  return {
    hear: (heard: unknown) => {
      const line = Heard.parse(heard)
      if (line.type === 'control_request') answerRequest(line, { behaviour, turn, waiting, write })
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

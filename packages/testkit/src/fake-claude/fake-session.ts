import { answerRequest } from './answer-request.js'
import type { FakeClaudeBehaviour } from './behaviour.js'
import { createFakeTurn, type FakeTurn, type TurnResult, type UserMessage } from './fake-turn.js'
import { StdinLine, type ClientAnswer } from './received.js'
import { replayLine, type Line } from './lines.js'
import { turnBeginLine, concludeTurn, forgetConversation, newMemory } from './memory.js'
import { misbehaveAtReset, misbehaveAtResult, misbehaveInTurn } from './misbehave.js'

/** The options of a fake `claude` session. */
export type FakeSessionOptions = {
  behaviour: FakeClaudeBehaviour
  sessionId: string
  /** The number of earlier turns in the fake's usage totals: those of a resumed session, in newer versions. */
  earlierTurns: number
  /** Whether the fake asks before it runs a tool. */
  asks: boolean
  /** Writes a line to stdout; a text is written as it is, without a line break. */
  write: (line: Line | string) => void
}

/** A session of a fake `claude`, which receives the lines of stdin. */
export type FakeSession = { hear(heard: unknown): void }

/** Creates a session of a fake `claude`. It plays one turn at a time; further messages wait. */
export function createFakeSession({ behaviour, write, asks, ...first }: FakeSessionOptions): FakeSession {
  const memory = newMemory(first.sessionId, first.earlierTurns)
  let turn: FakeTurn | undefined
  let clearing = false
  let stayAlive: NodeJS.Timeout | undefined
  const waiting: UserMessage[] = []

  const finish = (messages: readonly UserMessage[], result: TurnResult) => {
    turn = undefined
    clearing = false
    clearInterval(stayAlive)
    if (result.type === 'cleared') forgetConversation(memory, { behaviour, messages }).forEach(write)
    misbehaveAtResult(behaviour, concludeTurn(memory, { behaviour, messages, result }), write)
    beginSoon()
  }
  const reset = (taken: readonly UserMessage[]) => {
    clearing = true
    misbehaveAtReset(behaviour, { write, newest: memory.newest, finish: (result) => finish(taken, result) })
  }
  const start = (taken: readonly UserMessage[]) => {
    write(turnBeginLine(memory, { behaviour, messages: taken }))
    for (const { uuid, text } of taken) write(replayLine(uuid, text))
    stayAlive = setInterval(() => undefined, 1000)
    const earlier = memory.told.map(({ text }) => text)
    const started = createFakeTurn({ taken, earlier, waiting, asks, write, finish })
    turn = started
    if (!misbehaveInTurn(behaviour, write)) started.go()
  }
  const begin = () => {
    if (turn !== undefined || clearing || waiting.length === 0) return
    if (waiting[0]?.text === '/clear') reset(waiting.splice(0, 1))
    else start(waiting.splice(0))
  }
  // What comes before a turn has begun is acknowledged and forgotten, as in 2.1.329.
  const beginSoon = () => setTimeout(begin, 5)

  return {
    hear: (heard: unknown) => {
      const line = StdinLine.parse(heard)
      if (line.type === 'control_request')
        answerRequest(line, { behaviour, turn, waiting, told: memory.told, write })
      else if (line.type === 'control_response') answered(line, turn)
      else {
        waiting.push({ uuid: line.uuid, text: line.message.content })
        beginSoon()
      }
    },
  }
}

function answered({ response }: ClientAnswer, turn: FakeTurn | undefined): void {
  if (response.request_id === 'mystery') turn?.go()
  else turn?.answer(response.response?.behavior === 'allow')
}

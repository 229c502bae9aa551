import { randomUUID } from 'node:crypto'
import type { FakeClaudeBehaviour } from './behaviour.js'
import type { TurnResult, UserMessage } from './fake-turn.js'
import { clearedLine, initLine, type Line } from './lines.js'
import { resultLine } from './result-line.js'

/** The conversation of a fake `claude`. */
export type FakeConversation = {
  sessionId: string
  turns: number
  told: UserMessage[]
  /** The result line that the fake wrote last. */
  newest: Line
}

/** Creates an empty conversation of a fake `claude`, with so many earlier turns in its usage totals. */
export function newMemory(sessionId: string, turns: number): FakeConversation {
  return { sessionId, turns, told: [], newest: {} }
}

type Taking = { behaviour: FakeClaudeBehaviour; messages: readonly UserMessage[] }

/** Creates the line with which a turn of the fake begins. */
export function turnBeginLine({ sessionId }: FakeConversation, { behaviour, messages }: Taking): Line {
  return initLine(sessionId, behaviour === 'older' ? undefined : messages.map(({ uuid }) => uuid))
}

/** Starts a new conversation in the fake `claude`, and returns the lines that report it. */
export function forgetConversation(memory: FakeConversation, { behaviour, messages }: Taking): Line[] {
  const news = behaviour === 'older' ? [] : [clearedLine(memory.sessionId, messages[0]?.uuid)]
  memory.sessionId = randomUUID()
  memory.told.splice(0)
  return [...news, turnBeginLine(memory, { behaviour, messages })]
}

type Ending = Taking & { result: TurnResult }

/** Creates the result line of a turn, and remembers the turn. After a cleared conversation the usage totals restart at zero. */
export function concludeTurn(memory: FakeConversation, { behaviour, messages, result }: Ending): Line {
  const isClear = result.type === 'cleared'
  memory.turns = isClear ? 0 : memory.turns + 1
  if (!isClear) memory.told.push(...messages)
  const { sessionId, turns } = memory
  memory.newest = resultLine({ behaviour, sessionId, turns, messages, result })
  return memory.newest
}

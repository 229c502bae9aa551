import { randomUUID } from 'node:crypto'
import type { FakeClaudeBehaviour } from './behaviour.js'
import type { TurnResult, UserMessage } from './fake-turn.js'
import { clearedLine, initLine, type Line } from './lines.js'
import { resultLine } from './result-line.js'

/** The state of a fake conversation. */
export type Memory = {
  sessionId: string
  turns: number
  told: UserMessage[]
  /** The result line that was written last. */
  newest: Line
}

/** A conversation with nothing in it yet, where totals begin with those of so many earlier turns. */
export function newMemory(sessionId: string, turns: number): Memory {
  return { sessionId, turns, told: [], newest: {} }
}

type Taking = { behaviour: FakeClaudeBehaviour; messages: readonly UserMessage[] }

/** The line with which a turn begins. */
export function beginning({ sessionId }: Memory, { behaviour, messages }: Taking): Line {
  return initLine(sessionId, behaviour === 'older' ? undefined : messages.map(({ uuid }) => uuid))
}

/** Replaces the conversation by a new one, and returns the lines that report it. */
export function forget(memory: Memory, { behaviour, messages }: Taking): Line[] {
  const news = behaviour === 'older' ? [] : [clearedLine(memory.sessionId, messages[0]?.uuid)]
  memory.sessionId = randomUUID()
  memory.told.splice(0)
  return [...news, beginning(memory, { behaviour, messages })]
}

type Ending = Taking & { result: TurnResult }

/** The result line of messages. A turn is remembered; the count of what was used begins anew when all is cleared. */
export function conclude(memory: Memory, { behaviour, messages, result }: Ending): Line {
  const isClear = result.type === 'cleared'
  memory.turns = isClear ? 0 : memory.turns + 1
  if (!isClear) memory.told.push(...messages)
  const { sessionId, turns } = memory
  memory.newest = resultLine({ behaviour, sessionId, turns, messages, result })
  return memory.newest
}

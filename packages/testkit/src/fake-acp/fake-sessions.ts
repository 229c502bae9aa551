import { randomUUID } from 'node:crypto'
import type { FakeAcpBehaviour } from './behaviour.js'
import { createFakeTurn, type FakeTurn, type TurnResult } from './fake-turn.js'
import type { Request } from './received.js'
import { costUpdate, refusal, answerLine, type Line, type WriteLine } from './lines.js'
import { misbehaveInTurn } from './misbehave.js'

/** The sessions of a fake ACP agent: any id can be loaded. */
export type FakeSessions = {
  make(): string
  /** Returns the updates with the history of a loaded session. */
  load(sessionId: string): readonly Line[]
  setMode(sessionId: string, mode: string): void
  prompt(request: Request): void
  cancel(sessionId: string): void
  /** Passes the answer to a permission request to the turn that asked. */
  answer(allowed: boolean): void
}

/** Creates the sessions of a fake ACP agent. Each plays one turn at a time. */
export function createFakeSessions(behaviour: FakeAcpBehaviour, write: WriteLine): FakeSessions {
  const turns = new Map<string, FakeTurn>()
  const modes = new Map<string, string>()
  const said = new Map<string, readonly string[]>()
  const counted = new Map<string, number>()
  const count = (sessionId: string, turns: number): readonly Line[] => {
    const total = (counted.get(sessionId) ?? 0) + turns
    counted.set(sessionId, total)
    return behaviour === 'newer' ? [costUpdate(sessionId, total)] : []
  }

  return {
    make: () => randomUUID(),
    load: (sessionId) => count(sessionId, earlierTurns),
    setMode: (sessionId, mode) => void modes.set(sessionId, mode),
    prompt: ({ id, params: { sessionId, prompt } }) => {
      const text = prompt.map((part) => part.text).join('')
      const allowed = ['yolo', 'full-access'].includes(modes.get(sessionId) ?? '')
      const finish = (ended: TurnResult) => {
        turns.delete(sessionId)
        count(sessionId, 1).forEach(write)
        const line = endLine(id, ended, behaviour)
        write(line)
        if (behaviour === 'answers-twice') write(line)
      }
      const earlier = said.get(sessionId) ?? []
      said.set(sessionId, [...earlier, text])
      const turn = createFakeTurn({ sessionId, text, earlier, behaviour, allowed, write, finish })
      turns.set(sessionId, turn)
      if (!misbehaveInTurn(behaviour, sessionId, write)) turn.go()
    },
    cancel: (sessionId) => {
      if (behaviour !== 'ignores-cancel') turns.get(sessionId)?.cancel()
    },
    answer: (allowed) => [...turns.values()].forEach((turn) => turn.answer(allowed)),
  }
}

/** The number of turns in the history of a loaded session. */
const earlierTurns = 3

function endLine(id: number | undefined, ended: TurnResult, behaviour: FakeAcpBehaviour): Line {
  if (ended.type === 'refused') return refusal(id, ended.status, ended.message)
  if (ended.type === 'cancelled') return answerLine(id, { stopReason: 'cancelled' })
  const quota = { token_count: { input_tokens: 10, output_tokens: 5 } }
  const usage = { inputTokens: 10, outputTokens: 5, cachedReadTokens: 3, totalTokens: 15 }
  const used = behaviour === 'newer' ? { usage } : behaviour === 'plain' ? {} : { _meta: { quota } }
  return answerLine(id, { stopReason: 'end_turn', ...used })
}

import type { FakeCodexBehaviour } from './behaviour.js'
import { createFakeTurn, type FakeTurn } from './fake-turn.js'
import type { Line, Write } from './lines.js'
import { misbehaveInTurn } from './misbehave.js'

/** A thread of a fake: one turn at a time. */
export type FakeThread = {
  /** Returns the id of the turn, which begins a moment later. */
  start(text: string): string
  /** Whether there is a turn to interrupt. */
  interrupt(): boolean
  /** Whether there is a turn to steer. */
  steer(text: string): boolean
  answer(requestId: number, allowed: boolean): void
}

/** The text of the user in a turn. */
export type Said = { turnId: string; text: string }

/** The options of a fake thread. */
export type ThreadParts = {
  id: string
  behaviour: FakeCodexBehaviour
  /** Whether it asks before it runs a command. */
  asks: boolean
  write: Write
  nextId: () => number
  /** Whether turns before count in its totals, and whether the usage of the newest is reported once more. */
  earlier: 'none' | 'counted' | 'repeated'
  said: () => readonly Said[]
  remember: (turn: Said) => void
}

/** An idle thread. */
export function createFakeThread(parts: ThreadParts): FakeThread {
  const { id: threadId, behaviour, asks, write, nextId } = parts
  let turn: FakeTurn | undefined
  let begun = false
  let turns = parts.earlier === 'none' ? 0 : earlierTurns
  let refusals = behaviour === 'refuses-steering' ? 1 : 0
  const { asked, notify, ask } = voiceOf(threadId, write, nextId)
  const begin = (started: FakeTurn) => {
    begun = true
    notify('turn/started', { turn: { id: started.id, status: 'inProgress', error: null } })
    if (!misbehaveInTurn(behaviour, { write, ask })) started.go()
  }
  const finish = () => {
    turn = undefined
    begun = false
    turns += 1
    return usage(turns)
  }
  return {
    start: (text) => {
      const id = `${threadId}-turn-${nextId()}`
      const earlier = parts.said().map((said) => said.text)
      parts.remember({ turnId: id, text })
      // The real one comes as late as this, but not always.
      if (parts.earlier === 'repeated' && turns === earlierTurns)
        notify('thread/tokenUsage/updated', { turnId: `${threadId}-earlier`, tokenUsage: usage(turns) })
      turn = createFakeTurn({ id, text, earlier, asks, notify, ask, finish })
      if (behaviour === 'begins-early') begin(turn)
      else setTimeout(begin, 5, turn)
      return id
    },
    interrupt: () => {
      if (turn === undefined || !begun) return false
      if (behaviour !== 'never-ends-a-turn') turn.interrupt()
      return true
    },
    steer: (text) => {
      if (turn === undefined || refusals-- > 0) return false
      turn.steer(text)
      return true
    },
    answer: (requestId, allowed) => {
      if (!asked.delete(requestId)) return
      notify('serverRequest/resolved', { requestId })
      if (behaviour === 'unknown-request') turn?.go()
      else turn?.answer(allowed)
    },
  }
}

/** Sends notifications and requests of a thread. */
function voiceOf(threadId: string, write: Write, nextId: () => number) {
  const asked = new Set<number>()
  return {
    /** The ids of its questions that were not answered. */
    asked,
    notify: (method: string, params: Line) => write({ method, params: { threadId, ...params } }),
    ask: (method: string, params: Line) => {
      const id = nextId()
      asked.add(id)
      write({ id, method, params: { threadId, ...params } })
    },
  }
}

const earlierTurns = 3

/** The usage of a thread after a number of turns, and of the last turn. */
function usage(turns: number): Line {
  return { total: tokens(turns), last: tokens(1) }
}

function tokens(turns: number): Line {
  return { inputTokens: 30 * turns, cachedInputTokens: 20 * turns, outputTokens: 5 * turns }
}

import type { FakeCodexBehaviour } from './behaviour.js'
import { createFakeTurn, type FakeTurn } from './fake-turn.js'
import type { Line, WriteLine } from './lines.js'
import { misbehaveInTurn } from './misbehave.js'

/** A thread of a fake `codex`, which plays one turn at a time. */
export type FakeThread = {
  /** Starts a turn, which begins a moment later, and returns its id. */
  start(text: string): string
  /** Interrupts the running turn; returns whether there is one. */
  interrupt(): boolean
  /** Steers the running turn; returns whether there is one. */
  steer(text: string): boolean
  answer(requestId: number, allowed: boolean): void
}

/** A user text of a thread, with the id of its turn. */
export type UserText = { turnId: string; text: string }

/** The options of a fake `codex` thread. */
export type FakeThreadOptions = {
  id: string
  behaviour: FakeCodexBehaviour
  /** Whether the thread asks before it runs a command. */
  asks: boolean
  write: WriteLine
  nextId: () => number
  /** Whether earlier turns count in the usage totals, and whether the newest of their reports is repeated. */
  earlier: 'none' | 'counted' | 'repeated'
  said: () => readonly UserText[]
  remember: (turn: UserText) => void
}

/** Creates an idle thread of a fake `codex`. */
export function createFakeThread(parts: FakeThreadOptions): FakeThread {
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

/** Creates the functions that send a thread's notifications and requests. */
function voiceOf(threadId: string, write: WriteLine, nextId: () => number) {
  const asked = new Set<number>()
  return {
    /** The ids of the thread's approval requests that were not answered. */
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

/** Creates the usage report of a thread after a number of turns, with that of the last turn. */
function usage(turns: number): Line {
  return { total: tokens(turns), last: tokens(1) }
}

function tokens(turns: number): Line {
  return { inputTokens: 30 * turns, cachedInputTokens: 20 * turns, outputTokens: 5 * turns }
}

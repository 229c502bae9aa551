import type { Message } from '@subagent-mcp/mailbox'
import { needsRepair } from './needs-repair.js'
import type { TurnResult } from './run-turn.js'
import type { KeptSession } from './worker-memory.js'
import type { SessionChoice } from './worker-ports.js'

/** Which session the next turn runs in. */
export function chooseSession(kept: KeptSession | undefined): SessionChoice {
  return kept === undefined ? { type: 'new' } : { type: 'known', id: kept.id }
}

/**
 * The session to go on with after a turn in `kept`, or in a new one. One that is lost or full is given up at once, and
 * one in which two turns in a row failed: it must not take every later turn with it.
 */
export function sessionAfter(kept: KeptSession | undefined, result: TurnResult): KeptSession | undefined {
  if (result.type === 'lost' || result.type === 'unreachable' || isNotItsFault(result)) return kept
  const id = result.session ?? kept?.id
  if (result.type === 'ended') return id === undefined ? undefined : { threads: [], ...kept, id, failures: 0 }
  // A new session that failed has nothing to go on with.
  if (kept === undefined || id === undefined) return undefined
  if (result.type === 'stopped') return { ...kept, id }
  const unusable =
    result.type === 'failed' && (result.sessionLost === true || result.failure.reason === 'context-too-long')
  if (unusable || kept.failures + 1 >= mostFailures) return undefined
  return { ...kept, id, failures: kept.failures + 1 }
}

/** What the machine lacks says nothing of the session; what a launch was refused for may be said of this one alone. */
function isNotItsFault(result: TurnResult): boolean {
  return result.type === 'failed' && result.failure.reason !== 'refused' && needsRepair(result.failure)
}

/** Up to where the session knows a thread; 0 for one that is new to it. */
export function knownUpTo(kept: KeptSession | undefined, thread: string): number {
  return kept?.threads.find(({ id }) => id === thread)?.seq ?? 0
}

/** The session knows these messages now, and what was before them in their threads. */
export function heardOf(kept: KeptSession, messages: readonly Message[]): KeptSession {
  const threads = new Map(kept.threads.map(({ id, seq }) => [id, seq]))
  for (const { thread, seq } of messages) {
    const known = Math.max(threads.get(thread) ?? 0, seq)
    threads.delete(thread)
    threads.set(thread, known)
  }
  return { ...kept, threads: [...threads].slice(-mostThreads).map(([id, seq]) => ({ id, seq })) }
}

const mostFailures = 2
/** An older one is told anew. */
const mostThreads = 200

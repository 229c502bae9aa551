import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { failureNeedsRepair } from './failure-needs-repair.js'
import type { WorkerTurnResult } from './run-worker-turn.js'
import type { StoredWorkerSession } from './worker-memory.js'
import type { WorkerSessionChoice } from './worker-ports.js'

/** The session in which a worker's next turn runs. */
export function chooseWorkerSession(kept: StoredWorkerSession | undefined): WorkerSessionChoice {
  return kept === undefined ? { type: 'new' } : { type: 'known', id: kept.id }
}

/** The session to keep after a turn: none if it is lost or full, or failed twice in a row. */
export function chooseSessionAfterTurn(
  kept: StoredWorkerSession | undefined,
  result: WorkerTurnResult,
): StoredWorkerSession | undefined {
  if (result.type === 'lost' || result.type === 'unreachable' || isNotItsFault(result)) return kept
  const id = result.session ?? kept?.id
  if (result.type === 'ended') return id === undefined ? undefined : { threads: [], ...kept, id, failures: 0 }
  // A new session that failed is not kept.
  if (kept === undefined || id === undefined) return undefined
  if (result.type === 'stopped') return { ...kept, id }
  const unusable =
    result.type === 'failed' && (result.sessionLost === true || result.failure.reason === 'context-too-long')
  if (unusable || kept.failures + 1 >= mostFailures) return undefined
  return { ...kept, id, failures: kept.failures + 1 }
}

/** Whether a turn's failure has other causes than its session. A refused launch may be due to its session. */
function isNotItsFault(result: WorkerTurnResult): boolean {
  return result.type === 'failed' && result.failure.reason !== 'refused' && failureNeedsRepair(result.failure)
}

/** The number of the last message of a thread that the session knows; 0 for none. */
export function findLastKnownMessageNumber(kept: StoredWorkerSession | undefined, thread: string): number {
  return kept?.threads.find(({ id }) => id === thread)?.seq ?? 0
}

/** Adds messages to those that the worker's session knows. */
export function addKnownMessagesToSession(
  kept: StoredWorkerSession,
  messages: readonly MailboxMessage[],
): StoredWorkerSession {
  const threads = new Map(kept.threads.map(({ id, seq }) => [id, seq]))
  for (const { thread, seq } of messages) {
    const known = Math.max(threads.get(thread) ?? 0, seq)
    threads.delete(thread)
    threads.set(thread, known)
  }
  return { ...kept, threads: [...threads].slice(-mostThreads).map(([id, seq]) => ({ id, seq })) }
}

const mostFailures = 2
/** The most threads that a kept session remembers. The messages of older threads are shown to it again. */
const mostThreads = 200

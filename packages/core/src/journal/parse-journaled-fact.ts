import type { DurableFact } from '../state/fact.js'

/** Returns a journaled fact, or `undefined` for an unknown type. Its fields are trusted: only we write them. */
export function parseJournaledFact(value: unknown): DurableFact | undefined {
  return isFact(value) ? value : undefined
}

const durableTypes: Readonly<Record<DurableFact['type'], true>> = {
  'launch-requested': true,
  'slot-granted': true,
  'session-opened': true,
  'session-open-failed': true,
  'session-event-received': true,
  'message-requested': true,
  'answer-requested': true,
  'question-expired': true,
  'question-shown': true,
  'question-passed': true,
  'interrupt-requested': true,
  'budget-spent': true,
  'limit-passed': true,
  'spending-kept': true,
  'turn-checked': true,
  'result-graded': true,
  'turn-expired': true,
  'stop-requested': true,
  'shutdown-requested': true,
  'release-requested': true,
  'idle-expired': true,
  recovered: true,
  'reports-delivered': true,
  'reports-offered': true,
  'reports-notified': true,
  'ticket-joined': true,
  'ticket-settled': true,
}

function isFact(value: unknown): value is DurableFact {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('at' in value)) return false
  return (
    typeof value.type === 'string' && Object.hasOwn(durableTypes, value.type) && typeof value.at === 'number'
  )
}

import type { MailboxLimits } from '@subagent-mcp/mailbox'
import type { QueueRecord } from '../jetstream/records.js'

// What a queue's record becomes: pure functions, without the servers.

type Held = { id: string; seq: number }

/** The record once messages are handled, or with a failure dead. Whether they are held does not matter. */
export function endMessagesInRecord(
  record: QueueRecord,
  mail: readonly Held[],
  failure?: string,
): QueueRecord {
  const ending = mail.map(({ id, seq }) => ({
    ...{ id, seq, tries: record.tries[id]?.tries ?? 0 },
    ...(failure === undefined
      ? { deaths: deathsOf(record, id) }
      : { deaths: deathsOf(record, id) + 1, failure }),
  }))
  return unhold({ ...record, ending: [...record.ending, ...ending] }, mail)
}

/** How messages come back to their queue. `failure` null: without a failed try. `pauses`: the next try waits. */
export type FailedTryOptions = {
  failure: string | null
  rules: Pick<MailboxLimits, 'maxTries' | 'backoffMs' | 'longestBackoffMs'>
  pauses: boolean
}

/** The record once held messages are released: they wait again, are dead after the last try, or handled if they have a reply. */
export function releaseMessagesInRecord(
  record: QueueRecord,
  mail: readonly Held[],
  failing: FailedTryOptions & { replied: ReadonlyMap<string, boolean>; now: number },
): QueueRecord {
  const { failure, rules, pauses, replied, now } = failing
  const tries = { ...record.tries }
  const ending = [...record.ending]
  for (const { id, seq } of mail) {
    const failed = (tries[id]?.tries ?? 0) + 1
    const deaths = deathsOf(record, id)
    if (replied.get(id) === true) ending.push({ id, seq, tries: failed - 1, deaths })
    else if (failure === null) continue
    else if (failed >= rules.maxTries) ending.push({ id, seq, failure, tries: failed, deaths: deaths + 1 })
    else {
      const backoff = Math.min(rules.backoffMs * 2 ** (failed - 1), rules.longestBackoffMs)
      tries[id] = { tries: failed, failure, dueAt: pauses ? now + backoff : 0 }
    }
  }
  return { ...unhold({ ...record, ending, tries }, mail), more: true }
}

/** The record with messages taken out of its lease, which ends with the last. */
function unhold({ lease, ...record }: QueueRecord, mail: readonly Held[]): QueueRecord {
  if (lease === undefined) return record
  const ids = new Set(mail.map(({ id }) => id))
  const left = lease.mail.filter(({ id }) => !ids.has(id))
  return left.length === 0 ? record : { ...record, lease: { ...lease, mail: left } }
}

function deathsOf({ revived }: QueueRecord, id: string): number {
  return revived.find((each) => each.id === id)?.deaths ?? 0
}

import { z } from 'zod'
import type { MailCommand, MailOutcome } from '@subagent-mcp/mailbox/backing'
import { markMessageDead } from './dead-letters.js'
import type { MailTransaction } from './mail-transaction.js'
import { refreshQueue } from './queues.js'

/** Deletes messages that are older than `keepMs`. Unhandled direct messages become dead letters instead. */
export function applyTidyMailCommand(moment: MailTransaction, { keepMs }: MailCommand<'tidy'>): MailOutcome {
  const { store, at, touched } = moment
  const before = at - keepMs
  // Agents may be deleted below.
  touched.clear()
  // Events below `wakes` are in no queue and cause no notice, so all of them are deleted in one step.
  store.run(
    "DELETE FROM mailMessages WHERE finished = 0 AND wakes = 0 AND status = 'waiting' AND since <= ?",
    before,
  )
  const told = unhandled(moment, before).flatMap((message) => letGo(moment, message))
  store.run('DELETE FROM mailMessages WHERE finished = 1 AND since <= ?', before)
  store.run('DELETE FROM mailKeys WHERE at <= ?', before)
  store.run(
    `DELETE FROM mailAgents WHERE lastSeenAt <= ? AND name NOT IN (SELECT agent FROM mailHandlers)
      AND name NOT IN (SELECT recipient FROM mailMessages) AND name NOT IN (SELECT sender FROM mailMessages)`,
    before,
  )
  store.run('DELETE FROM mailTallies WHERE inbox = 0 AND dead = 0 AND threads = 0')
  store.execute('PRAGMA incremental_vacuum')
  return { type: 'done', changed: [...new Set(told)] }
}

type Unhandled = z.infer<typeof UnhandledRow>

/** Old messages that nobody holds. At most 1,000 in a run, because a notice costs as much as a send. */
function unhandled({ store, at }: MailTransaction, before: number): Unhandled[] {
  const old =
    'SELECT id, seq, kind, recipient, thread, tries FROM mailMessages WHERE finished = 0 AND since <= ?'
  return store.rows(
    UnhandledRow,
    `${old} AND (status = 'waiting' OR until <= ?) ORDER BY seq LIMIT ${most}`,
    before,
    at,
  )
}

const most = 1_000

const UnhandledRow = z.object({
  id: z.string(),
  seq: z.number(),
  kind: z.string(),
  recipient: z.string(),
  thread: z.string(),
  tries: z.number(),
})

/** Removes an old unhandled message: a direct one becomes a dead letter, kept for `keepMs` again; an event or a notice is deleted. */
function letGo(moment: MailTransaction, { id, seq, kind, recipient, thread, tries }: Unhandled): string[] {
  const told =
    kind === 'direct'
      ? markMessageDead(moment, { id, tries, failure: 'nobody handled it in the time that it is kept' })
      : []
  if (kind !== 'direct') moment.store.run('DELETE FROM mailMessages WHERE seq = ?', seq)
  refreshQueue(moment, { recipient, thread })
  return [recipient, ...told]
}

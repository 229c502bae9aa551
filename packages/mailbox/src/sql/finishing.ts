import { z } from 'zod'
import type { MailCommand } from '../command.js'
import type { MailOutcome } from '../outcome.js'
import {
  failMailTry,
  markMessageHandled,
  requeueMail,
  messagesOfTake,
  refreshQueues,
  type HeldMessage,
} from './giving-back.js'
import type { Moment } from './moment.js'

/** Extends the lease of a batch, also after its end, if nobody else has taken the messages. */
export function applyMailRenew(moment: Moment, { take, leaseMs }: MailCommand<'renew'>): MailOutcome {
  const held = messagesOfTake(moment.store, take)
  const until = moment.at + leaseMs
  for (const { seq } of held) moment.store.run('UPDATE mailMessages SET until = ? WHERE seq = ?', until, seq)
  refreshQueues(moment, held)
  return { type: 'renewed', held: held.length > 0, changed: [] }
}

/** Marks messages of a take as handled. Returns also those that the same take acknowledged before. */
export function applyMailAcknowledge(moment: Moment, command: MailCommand<'acknowledge'>): MailOutcome {
  const { take, ids } = command
  const held = only(messagesOfTake(moment.store, take), ids)
  for (const { seq } of held) markMessageHandled(moment, seq)
  refreshQueues(moment, held)
  const handled = "SELECT id FROM mailMessages WHERE take = ? AND status = 'handled' ORDER BY seq"
  const done = only(moment.store.rows(IdRow, handled, take), ids)
  return { type: 'acknowledged', ids: done.map(({ id }) => id), changed: agentsOf(held) }
}

const IdRow = z.object({ id: z.string() })

/** Releases a batch or a part of it. With a failure it counts a failed try. */
export function applyMailRelease(moment: Moment, command: MailCommand<'release'>): MailOutcome {
  const { take, ids, failure, tries } = command
  const held = only(messagesOfTake(moment.store, take), ids)
  if (failure === null) {
    requeueMail(moment, held)
    return { type: 'done', changed: agentsOf(held) }
  }
  const { maxTries, backoffMs, longestBackoffMs } = tries
  const dueAt = (failed: number) => moment.at + Math.min(backoffMs * 2 ** (failed - 1), longestBackoffMs)
  const told = failMailTry(moment, held, { failure, maxTries, dueAt })
  return { type: 'done', changed: [...new Set([...agentsOf(held), ...told])] }
}

function only<Row extends { id: string }>(
  rows: readonly Row[],
  ids: readonly string[] | null,
): readonly Row[] {
  return ids === null ? rows : rows.filter(({ id }) => ids.includes(id))
}

function agentsOf(messages: readonly HeldMessage[]): string[] {
  return [...new Set(messages.map(({ recipient }) => recipient))]
}

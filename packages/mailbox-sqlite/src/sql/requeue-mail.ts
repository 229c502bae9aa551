import type { SqliteStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import { markMessageDead } from './dead-letters.js'
import type { MailTransaction } from './mail-transaction.js'
import { refreshQueue, type MailQueue } from './queues.js'

export type HeldMessage = z.infer<typeof HeldRow>

const HeldRow = z.object({
  seq: z.number(),
  id: z.string(),
  recipient: z.string(),
  thread: z.string(),
  tries: z.number(),
  repliedBy: z.string().nullable(),
})

const held = "SELECT seq, id, recipient, thread, tries, repliedBy FROM mailMessages WHERE status = 'held'"

export function selectMessagesHeldBy(store: SqliteStore, instance: string): HeldMessage[] {
  return store.rows(HeldRow, `${held} AND holder = ? ORDER BY seq`, instance)
}

export function selectMessagesOfTake(store: SqliteStore, take: string): HeldMessage[] {
  return store.rows(HeldRow, `${held} AND take = ? ORDER BY seq`, take)
}

/** The held messages of an agent whose lease has ended. */
export function selectLapsedMessages({ store, at }: MailTransaction, agent: string): HeldMessage[] {
  return store.rows(HeldRow, `${held} AND recipient = ? AND until <= ? ORDER BY seq`, agent, at)
}

/** Returns messages to their queues, without a failed try. */
export function requeueMail(moment: MailTransaction, messages: readonly HeldMessage[]): void {
  const again = `UPDATE mailMessages SET status = 'waiting', holder = NULL, take = NULL, until = NULL WHERE seq = ?`
  for (const { seq } of unreplied(moment, messages)) moment.store.run(again, seq)
  refreshQueues(moment, messages)
}

/** Why a try failed, the allowed number of tries, and the time of the next one. */
export type FailedTry = { failure: string; maxTries: number; dueAt: (tries: number) => number }

/** Counts a failed try of messages: they are retried later, or become dead letters. Returns the agents that get a notice. */
export function countFailedMailTry(
  moment: MailTransaction,
  messages: readonly HeldMessage[],
  failing: FailedTry,
): string[] {
  const { failure, maxTries, dueAt } = failing
  const again = `UPDATE mailMessages SET status = 'waiting', holder = NULL, take = NULL, until = NULL,
    tries = ?, failure = ?, dueAt = ? WHERE seq = ?`
  const noticed = unreplied(moment, messages).flatMap(({ seq, id, tries }) => {
    if (tries + 1 >= maxTries) return markMessageDead(moment, { id, failure, tries: tries + 1 })
    moment.store.run(again, tries + 1, failure, dueAt(tries + 1), seq)
    return []
  })
  refreshQueues(moment, messages)
  return noticed
}

/** Marks messages that have a reply as handled, because they need no other try. Returns the messages without a reply. */
function unreplied(moment: MailTransaction, messages: readonly HeldMessage[]): HeldMessage[] {
  for (const { seq, repliedBy } of messages) if (repliedBy !== null) markMessageHandled(moment, seq)
  return messages.filter(({ repliedBy }) => repliedBy === null)
}

/** Marks a message as handled. Keeps its take, so that a repeated acknowledge returns the same ids. */
export function markMessageHandled({ store, at }: MailTransaction, seq: number): void {
  const handled = `UPDATE mailMessages SET status = 'handled', finished = 1, since = ?, holder = NULL, until = NULL
    WHERE seq = ?`
  store.run(handled, at, seq)
}

export function refreshQueues(moment: MailTransaction, messages: readonly MailQueue[]): void {
  const queues = new Map(
    messages.map(({ recipient, thread }) => [JSON.stringify([recipient, thread]), { recipient, thread }]),
  )
  for (const queue of queues.values()) refreshQueue(moment, queue)
}

import type { Store } from '@subagent-mcp/journal'
import { z } from 'zod'
import { markDead } from './dead-letters.js'
import type { Moment } from './moment.js'
import { refreshQueue, type Queue } from './queues.js'

/** A message that somebody has taken. */
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

export function messagesHeldBy(store: Store, instance: string): HeldMessage[] {
  return store.rows(HeldRow, `${held} AND holder = ? ORDER BY seq`, instance)
}

export function messagesOfTake(store: Store, take: string): HeldMessage[] {
  return store.rows(HeldRow, `${held} AND take = ? ORDER BY seq`, take)
}

/** Those of an agent whose lease ran out. */
export function messagesLapsed({ store, at }: Moment, agent: string): HeldMessage[] {
  return store.rows(HeldRow, `${held} AND recipient = ? AND until <= ? ORDER BY seq`, agent, at)
}

/** They wait again, as if nobody had taken them. */
export function markWaiting(moment: Moment, messages: readonly HeldMessage[]): void {
  const again = `UPDATE mailMessages SET status = 'waiting', holder = NULL, take = NULL, until = NULL WHERE seq = ?`
  for (const { seq } of unreplied(moment, messages)) moment.store.run(again, seq)
  refreshQueues(moment, messages)
}

/** What failed, how often it may, and from when on it is tried again. */
export type Failing = { failure: string; maxTries: number; dueAt: (tries: number) => number }

/** A try failed: they wait again, or are dead letters after the last. Returns who gets a notice. */
export function markFailed(moment: Moment, messages: readonly HeldMessage[], failing: Failing): string[] {
  const { failure, maxTries, dueAt } = failing
  const again = `UPDATE mailMessages SET status = 'waiting', holder = NULL, take = NULL, until = NULL,
    tries = ?, failure = ?, dueAt = ? WHERE seq = ?`
  const noticed = unreplied(moment, messages).flatMap(({ seq, id, tries }) => {
    if (tries + 1 >= maxTries) return markDead(moment, { id, failure, tries: tries + 1 })
    moment.store.run(again, tries + 1, failure, dueAt(tries + 1), seq)
    return []
  })
  refreshQueues(moment, messages)
  return noticed
}

/** A message that has its reply needs no other try: what is left is the acknowledge that its handler did not come to. */
function unreplied(moment: Moment, messages: readonly HeldMessage[]): HeldMessage[] {
  for (const { seq, repliedBy } of messages) if (repliedBy !== null) markHandled(moment, seq)
  return messages.filter(({ repliedBy }) => repliedBy === null)
}

/** A message is handled. Its take stays known, so that an acknowledge that is repeated says the same. */
export function markHandled({ store, at }: Moment, seq: number): void {
  const handled = `UPDATE mailMessages SET status = 'handled', finished = 1, since = ?, holder = NULL, until = NULL
    WHERE seq = ?`
  store.run(handled, at, seq)
}

/** Each queue once. */
export function refreshQueues(moment: Moment, messages: readonly Queue[]): void {
  const queues = new Map(
    messages.map(({ recipient, thread }) => [JSON.stringify([recipient, thread]), { recipient, thread }]),
  )
  for (const queue of queues.values()) refreshQueue(moment, queue)
}

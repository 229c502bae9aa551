import { z } from 'zod'
import type { MailCommand, MailOutcome } from '@subagent-mcp/mailbox/backing'
import {
  countFailedMailTry,
  requeueMail,
  selectMessagesHeldBy,
  selectLapsedMessages,
  refreshQueues,
} from './requeue-mail.js'
import { selectMail } from './messages.js'
import type { MailTransaction } from './mail-transaction.js'
import { selectNextMailTakeTime } from './queues.js'
import { isMailQueueReady, unblockMailQueues, selectReadyMailQueues, type MailQueue } from './queues.js'
import { recordMailAgentRowActivity } from './registering.js'

type Take = MailCommand<'take'>

/** Takes messages for an agent under a lease, oldest first. */
export function applyTakeMailCommand(moment: MailTransaction, command: Take): MailOutcome {
  const { agent, instance, leaseMs, tries } = command
  const before = selectMessagesHeldBy(moment.store, instance)
  requeueMail(moment, before)
  const lapsed = selectLapsedMessages(moment, agent)
  const told = countFailedMailTry(moment, lapsed, {
    failure: 'its lease ran out',
    maxTries: tries.maxTries,
    dueAt: () => 0,
  })
  unblockMailQueues(moment, agent)
  const changed = [...new Set([...before.map(({ recipient }) => recipient), ...told])]
  const chosen = choose(moment, command)
  if (chosen.length === 0) return { ...nothing(moment, command), changed }
  recordMailAgentRowActivity(moment, agent)
  const until = moment.at + leaseMs
  const hold = "UPDATE mailMessages SET status = 'held', holder = ?, take = ?, until = ? WHERE seq = ?"
  for (const { seq } of chosen) moment.store.run(hold, instance, command.take, until, seq)
  refreshQueues(moment, chosen)
  const messages = selectMail(moment.store, "take = ? AND status = 'held' ORDER BY seq", command.take)
  return { type: 'taken', batch: { take: command.take, until, messages }, changed }
}

type Takable = z.infer<typeof TakableRow>

/** The oldest takable messages of an agent. Reading `limit` queues is enough, because the oldest queues come first. */
function choose(moment: MailTransaction, { agent, thread, limit }: Take): Takable[] {
  return queuesOf(moment, { agent, thread, limit })
    .flatMap((queue) => takable(moment, queue, limit))
    .toSorted((one, other) => one.seq - other.seq)
    .slice(0, limit)
}

function queuesOf(
  { store }: MailTransaction,
  { agent, thread, limit }: Pick<Take, 'agent' | 'thread' | 'limit'>,
): MailQueue[] {
  if (thread === null) return selectReadyMailQueues(store, agent, limit)
  const queue = { recipient: agent, thread }
  return isMailQueueReady(store, queue) ? [queue] : []
}

/** The takable beginning of a queue: the messages before the first one that is held or waits for its next try. */
function takable({ store, at }: MailTransaction, { recipient, thread }: MailQueue, limit: number): Takable[] {
  const waiting = store.rows(
    TakableRow,
    `SELECT seq, recipient, thread, status, dueAt FROM mailMessages
      WHERE recipient = ? AND thread = ? AND finished = 0 AND wakes = 1 ORDER BY seq LIMIT ?`,
    ...[recipient, thread, limit],
  )
  const end = waiting.findIndex(({ status, dueAt }) => status === 'held' || dueAt > at)
  return end === -1 ? waiting : waiting.slice(0, end)
}

const TakableRow = z.object({
  seq: z.number(),
  recipient: z.string(),
  thread: z.string(),
  status: z.string(),
  dueAt: z.number(),
})

function nothing(
  { store }: MailTransaction,
  { agent, thread }: Take,
): Extract<MailOutcome, { type: 'nothing' }> {
  const again = selectNextMailTakeTime(store, agent, thread)
  return { type: 'nothing', ...(again !== undefined && { again }), changed: [] }
}

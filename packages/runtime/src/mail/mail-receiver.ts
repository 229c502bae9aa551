import {
  joinAbortSignals,
  type MessageBatch,
  type PendingMailCalls,
  type Mailbox,
  type MailboxMessage,
} from '@subagent-mcp/mailbox'
import type { MailPort } from '@subagent-mcp/mcp-server'
import { settleAndLogFailure } from '../log-failure.js'

/**
 * The beginning of log lines about mailbox calls that failed. Messages that could not be acknowledged or released are delivered again later,
 * as after a crash.
 */
export const mailFailurePrefix = 'mailbox'

/** The lease of messages that a host takes, in milliseconds: the time within which the host must have received them. */
const leaseMs = 60_000

/** The caller for which messages are taken and held until it has received them. */
export type MailReceiverContext = {
  mailbox: Pick<Mailbox, 'next' | 'release' | 'acknowledge' | 'thread' | 'count' | 'quiet' | 'read'>
  log: (line: string) => void
  caller: string
  byTurns: boolean
  /** The ids of taken batches that the caller has not received yet. */
  takes: Set<string>
  /** Pending mailbox calls, settled before the caller leaves. */
  calls: PendingMailCalls
  /** The mailbox instances that running calls use. */
  busy: Set<string>
  enter(): Promise<string>
  /** Aborts when the caller has left. */
  left: AbortSignal
}

/** The most quiet events in one answer; the next answer has the rest. */
const most = 32

/** Creates the reading calls of a caller's mail. Messages count as read once the caller has received them; others are released. */
export function createMailReceiver(parts: MailReceiverContext): Pick<MailPort, 'wait' | 'read' | 'news'> {
  const { mailbox, enter } = parts
  const told = { upTo: 0 }
  return {
    wait: async ({ thread, timeoutMs, signal: cancelled }) => {
      const { signal, part } = joinAbortSignals([cancelled, parts.left])
      try {
        const order = { agent: await enter(), waitMs: timeoutMs, ...(thread !== undefined && { thread }) }
        const batch = await taken(parts, order, signal)
        // The call has ended, so the batch has no receiver.
        if (batch && signal.aborted) await giveBack(parts, batch.take)
        return deliver(parts, signal.aborted ? undefined : batch)
      } finally {
        part()
      }
    },
    read: async (thread, limit) => {
      const agent = await enter()
      const messages = await mailbox.thread(thread, { limit })
      // An agent cannot read a thread in which it neither sent nor got a message.
      if (parts.byTurns && !messages.some(({ from, to }) => to === agent || from.name === agent))
        return { ...deliver(parts, undefined), messages: [], total: 0 }
      const total = await mailbox.count({ of: 'thread', id: thread })
      const waits = messages.some(({ to, status }) => to === agent && status === 'waiting')
      const batch = waits && (await taken(parts, { agent, waitMs: 0, thread, limit: messages.length }))
      if (batch) await giveBackUnseen(parts, batch, messages)
      return { ...deliver(parts, batch || undefined), messages, total }
    },
    news: async () => {
      const agent = await enter()
      if (parts.byTurns) return quietNews(parts, agent, told)
      const { messages, received } = deliver(parts, await taken(parts, { agent, waitMs: 0 }))
      // Events that do not wake have no lease: they are marked as read once received.
      const quiet = await mailbox.quiet(agent, { limit: most })
      return {
        messages: inOrder([...messages, ...quiet]),
        received: () => {
          received()
          const ids = quiet.map(({ id }) => id)
          if (ids.length > 0)
            void settleAndLogFailure(mailFailurePrefix, mailbox.read({ agent, ids }), parts.log)
        },
      }
    },
  }
}

type Take = { agent: string; waitMs: number; thread?: string; limit?: number }

function taken(parts: MailReceiverContext, order: Take, signal = parts.left): ReturnType<Mailbox['next']> {
  return parts.calls.follow(take(parts, order, signal))
}

async function take(
  { mailbox, caller, takes, busy, left, log }: MailReceiverContext,
  order: Take,
  signal: AbortSignal,
): ReturnType<Mailbox['next']> {
  // Parallel calls take messages under different instances, so that a call does not release messages that another one has taken.
  let instance = caller
  for (let next = 2; busy.has(instance); next += 1) instance = `${caller}.${next}`
  const dropped = busy.size === 0 ? [...takes] : []
  busy.add(instance)
  try {
    for (const take of dropped) await giveBack({ mailbox, takes, log }, take)
    const batch = await mailbox.next({ ...order, instance, leaseMs }, signal)
    if (batch && left.aborted) {
      await settleAndLogFailure(mailFailurePrefix, mailbox.release(batch.take), log)
      return undefined
    }
    if (batch) takes.add(batch.take)
    return batch
  } finally {
    busy.delete(instance)
  }
}

function giveBack(
  { mailbox, takes, log }: Pick<MailReceiverContext, 'mailbox' | 'takes' | 'log'>,
  take: string,
): Promise<void> {
  takes.delete(take)
  return settleAndLogFailure(mailFailurePrefix, mailbox.release(take), log)
}

/** Releases taken messages that are not shown: newer ones, and those before the shown part of a long thread. */
async function giveBackUnseen(
  { mailbox, log }: MailReceiverContext,
  { take, messages }: MessageBatch,
  shown: readonly MailboxMessage[],
): Promise<void> {
  const seen = new Set(shown.map(({ id }) => id))
  const ids = messages.map(({ id }) => id).filter((id) => !seen.has(id))
  if (ids.length > 0) await settleAndLogFailure(mailFailurePrefix, mailbox.release(take, { ids }), log)
}

function deliver(
  { mailbox, log, takes, calls }: MailReceiverContext,
  batch: MessageBatch | undefined,
): Awaited<ReturnType<MailPort['wait']>> {
  return {
    messages: batch?.messages ?? [],
    received: () => {
      if (!batch) return
      takes.delete(batch.take)
      void settleAndLogFailure(mailFailurePrefix, calls.follow(mailbox.acknowledge(batch.take)), log)
    },
  }
}

/** The events for an agent that gets its messages from its worker: only those that do not wake it, each once in a session. */
async function quietNews(
  { mailbox }: MailReceiverContext,
  agent: string,
  told: { upTo: number },
): ReturnType<MailPort['news']> {
  const messages = await mailbox.quiet(agent, { after: told.upTo, limit: most })
  return {
    messages,
    received: () => {
      told.upTo = Math.max(told.upTo, ...messages.map(({ seq }) => seq))
    },
  }
}

function inOrder(messages: readonly MailboxMessage[]): readonly MailboxMessage[] {
  return messages.toSorted((one, other) => one.seq - other.seq)
}

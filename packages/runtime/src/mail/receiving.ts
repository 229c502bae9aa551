import {
  joinSignals,
  type Batch,
  type CallsUnderWay,
  type Mailbox,
  type Message,
} from '@subagent-mcp/mailbox'
import type { MailPort } from '@subagent-mcp/mcp-server'
import type { CallerMailParts } from './caller-mail.js'
import { settle } from './settle.js'

/** How long a host may take until it has what was taken for it, in milliseconds. */
const leaseMs = 60_000

/** Whose messages are taken: `caller` holds them until it has them. */
export type Receiving = Pick<CallerMailParts, 'mailbox' | 'log'> & {
  caller: string
  byTurns: boolean
  /** What is on its way to the caller. */
  takes: Set<string>
  /** What is to end before the caller leaves. */
  calls: CallsUnderWay
  /** Under which calls take now. */
  busy: Set<string>
  enter(): Promise<string>
  /** Aborts when the caller has left. */
  left: AbortSignal
}

/** How many events that do not wake are told at once; the next time has the rest. */
const most = 32

/** What takes messages for a caller. They count as read once it has them; what it has not goes back. */
export function receiving(parts: Receiving): Pick<MailPort, 'wait' | 'read' | 'news'> {
  const { mailbox, enter } = parts
  const told = { upTo: 0 }
  return {
    wait: async ({ thread, timeoutMs, signal: cancelled }) => {
      const { signal, part } = joinSignals([cancelled, parts.left])
      try {
        const order = { agent: await enter(), waitMs: timeoutMs, ...(thread !== undefined && { thread }) }
        const batch = await taken(parts, order, signal)
        // Nobody would tell that it has come.
        if (batch && signal.aborted) await giveBack(parts, batch.take)
        return deliver(parts, signal.aborted ? undefined : batch)
      } finally {
        part()
      }
    },
    read: async (thread, limit) => {
      const agent = await enter()
      const messages = await mailbox.thread(thread, { limit })
      // A thread in which an agent has no part is none to it.
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
      // No lease holds events that do not wake: they are read once the caller has them.
      const quiet = await mailbox.quiet(agent, { limit: most })
      return {
        messages: inOrder([...messages, ...quiet]),
        received: () => {
          received()
          const ids = quiet.map(({ id }) => id)
          if (ids.length > 0) void settle(mailbox.read({ agent, ids }), parts.log)
        },
      }
    },
  }
}

type Take = { agent: string; waitMs: number; thread?: string; limit?: number }

function taken(parts: Receiving, order: Take, signal = parts.left): ReturnType<Mailbox['next']> {
  return parts.calls.follow(take(parts, order, signal))
}

async function take(
  { mailbox, caller, takes, busy, left, log }: Receiving,
  order: Take,
  signal: AbortSignal,
): ReturnType<Mailbox['next']> {
  // Each of several calls at once takes for itself: what one has taken does not go back for another.
  let instance = caller
  for (let next = 2; busy.has(instance); next += 1) instance = `${caller}.${next}`
  const dropped = busy.size === 0 ? [...takes] : []
  busy.add(instance)
  try {
    for (const take of dropped) await giveBack({ mailbox, takes, log }, take)
    const batch = await mailbox.next({ ...order, instance, leaseMs }, signal)
    if (batch && left.aborted) {
      await settle(mailbox.release(batch.take), log)
      return undefined
    }
    if (batch) takes.add(batch.take)
    return batch
  } finally {
    busy.delete(instance)
  }
}

function giveBack(
  { mailbox, takes, log }: Pick<Receiving, 'mailbox' | 'takes' | 'log'>,
  take: string,
): Promise<void> {
  takes.delete(take)
  return settle(mailbox.release(take), log)
}

/** What came meanwhile, or waits before what is shown of a long thread: nobody has read it. */
async function giveBackUnseen(
  { mailbox, log }: Receiving,
  { take, messages }: Batch,
  shown: readonly Message[],
): Promise<void> {
  const seen = new Set(shown.map(({ id }) => id))
  const ids = messages.map(({ id }) => id).filter((id) => !seen.has(id))
  if (ids.length > 0) await settle(mailbox.release(take, { ids }), log)
}

function deliver(
  { mailbox, log, takes, calls }: Receiving,
  batch: Batch | undefined,
): Awaited<ReturnType<MailPort['wait']>> {
  return {
    messages: batch?.messages ?? [],
    received: () => {
      if (!batch) return
      takes.delete(batch.take)
      void settle(calls.follow(mailbox.acknowledge(batch.take)), log)
    },
  }
}

/** Of what a worker hands out turn by turn only the rest is told: events that wake nobody, once in a session. */
async function quietNews(
  { mailbox }: Receiving,
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

function inOrder(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((one, other) => one.seq - other.seq)
}

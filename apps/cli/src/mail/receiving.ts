import { isAtLeast, type Mailbox, type Message } from '@subagent-mcp/mailbox'
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
  enter(): Promise<string>
}

/** What takes messages for a caller. They count as read once it has them; what it has not goes back. */
export function receiving(parts: Receiving): Pick<MailPort, 'wait' | 'read' | 'news'> {
  const { mailbox, enter } = parts
  const seen = new Set<string>()
  return {
    wait: async ({ thread, timeoutMs, signal }) => {
      const order = { agent: await enter(), waitMs: timeoutMs, ...(thread !== undefined && { thread }) }
      const batch = await taken(parts, order, signal)
      // Nobody would tell that it has come.
      if (batch && signal.aborted) await settle(mailbox.release(batch.take), parts.log)
      return deliver(parts, signal.aborted ? undefined : batch)
    },
    read: async (thread) => {
      const agent = await enter()
      const messages = await mailbox.thread(thread)
      const waits = messages.some(({ to, status }) => to === agent && status === 'waiting')
      const batch = waits && (await taken(parts, { agent, waitMs: 0, thread, limit: messages.length }))
      return { ...deliver(parts, batch || undefined), messages }
    },
    news: async () => {
      const agent = await enter()
      if (parts.byTurns) return quietNews(parts, agent, seen)
      const { messages, received } = deliver(parts, await taken(parts, { agent, waitMs: 0 }))
      // No lease holds events that do not wake: they are read once the caller has them.
      const quiet = (await mailbox.inbox(agent)).filter(
        ({ kind, status }) => kind === 'event' && status === 'waiting',
      )
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

function taken(
  { mailbox, caller }: Receiving,
  order: Take,
  signal: AbortSignal = new AbortController().signal,
): ReturnType<Mailbox['next']> {
  return mailbox.next({ ...order, instance: caller, leaseMs }, signal)
}

function deliver(
  { mailbox, log, takes }: Receiving,
  batch: Awaited<ReturnType<Mailbox['next']>>,
): Awaited<ReturnType<MailPort['wait']>> {
  if (batch) takes.add(batch.take)
  return {
    messages: batch?.messages ?? [],
    received: () => {
      if (!batch) return
      takes.delete(batch.take)
      void settle(mailbox.acknowledge(batch.take), log)
    },
  }
}

/** Of what a worker hands out turn by turn only the rest is told: events that wake nobody, once in a session. */
async function quietNews(
  { mailbox }: Receiving,
  agent: string,
  seen: Set<string>,
): ReturnType<MailPort['news']> {
  const wakes = (await mailbox.agents()).find(({ name }) => name === agent)?.wakes ?? 'high'
  const messages = (await mailbox.inbox(agent)).filter(
    ({ id, severity }) => severity !== undefined && !isAtLeast(severity, wakes) && !seen.has(id),
  )
  return {
    messages,
    received: () => {
      for (const { id } of messages) seen.add(id)
    },
  }
}

function inOrder(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((one, other) => one.seq - other.seq)
}

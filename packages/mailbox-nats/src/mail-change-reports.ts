import { createDebouncedCall, type Clock } from '@subagent-mcp/contract'
import type { NatsConnection } from '@nats-io/transport-node'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { decodeRecord, encodeRecord } from './jetstream/records.js'

/** Reports of changed mail from all machines. A report may be lost, so it only says when to look again. */
export type MailChangeReports = {
  /** Reports agents whose mail or handlers have changed here. */
  tell(agents: readonly string[], what?: ChangedPart): void
  onChange(listener: Listener): () => void
  /** Resolves with the next report about an agent, after a time, or when the signal aborts. */
  next(agent: string, milliseconds: number, signal: AbortSignal): Promise<void>
  close(): void
}

/** The part of an agent that has changed. Callers get no report of a lease, which changes only the counts of waiting messages. */
type ChangedPart = 'mail' | 'handlers' | 'leases'
type Listener = (agents: readonly string[], what: ChangedPart) => void

type Parts = { nats: NatsConnection; prefix: string; clock: Clock }

/** Creates the reports over one connection, by plain messages that nothing stores. */
export function createMailChangeReports({ nats, prefix, clock }: Parts): MailChangeReports {
  const listeners = new Set<Listener>()
  const by = randomUUID()
  const report: Listener = (agents, what) => {
    for (const listener of [...listeners]) listener(agents, what)
  }
  const subscription = nats.subscribe(`${prefix}.changed`, {
    callback: (error, message) => {
      const change = error === null ? decodeRecord(Change, message.data) : undefined
      if (change && change.by !== by) report(change.agents, change.what)
    },
  })
  const waiting = new Map<ChangedPart, Set<string>>()
  const publish = (): void => {
    for (const [what, agents] of waiting) {
      const report = { v: 1, by, agents: [...agents], what }
      if (!nats.isClosed()) nats.publish(`${prefix}.changed`, encodeRecord(report))
    }
    waiting.clear()
  }
  const publishing = createDebouncedCall(clock, gatherMs, publish)
  const onChange = (listener: Listener): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    onChange,
    tell: (agents, what = 'mail') => {
      if (agents.length === 0) return
      report(agents, what)
      waiting.set(what, new Set([...(waiting.get(what) ?? []), ...agents]))
      publishing.request()
    },
    next: (agent, milliseconds, signal) => nextChange({ agent, milliseconds, signal }, { onChange, clock }),
    close: () => {
      if (publishing.cancel()) publish()
      subscription.unsubscribe()
    },
  }
}

/** Resolves with the next report about an agent, after a time, or when the signal aborts. */
function nextChange(
  { agent, milliseconds, signal }: { agent: string; milliseconds: number; signal: AbortSignal },
  { onChange, clock }: Pick<MailChangeReports, 'onChange'> & { clock: Clock },
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel()
      unheard()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(milliseconds, end)
    const unheard = onChange((agents) => {
      if (agents.includes(agent)) end()
    })
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}

/** Reports of this time are sent together: each is a write to a socket here, and a read on every machine. */
const gatherMs = 20

const Change = z.looseObject({
  v: z.literal(1),
  by: z.string(),
  agents: z.array(z.string()),
  what: z.enum(['mail', 'handlers', 'leases']),
})

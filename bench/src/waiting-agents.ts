import type { Mailbox, Registration, Sent } from '@subagent-mcp/mailbox'
import { setImmediate as turn } from 'node:timers/promises'

/** An agent of this process. */
export function registration(name: string, instance = name): Registration {
  const handler = { instance, kind: 'worker', pid: process.pid, startTime: '-', host: 'bench' } as const
  return { name, project: '/bench', capabilities: [], topics: [], wakes: 'high', handler }
}

/** Sends from `asker`, in a thread of its own unless one is given. */
export function sendMail(mailbox: Mailbox, to: string, body: string, thread?: string): Promise<Sent> {
  const from = { name: 'asker', host: 'bench', through: 'agent' } as const
  return mailbox.send({ from, to, body, ...(thread !== undefined && { thread }) })
}

/** Agents that wait for messages, and acknowledge what comes. */
export type WaitingAgents = {
  growTo(count: number): Promise<void>
  /** One of them, by chance. */
  any(): string
  /** Resolves when it has its next message. */
  woken(name: string): Promise<void>
  /** Resolves when it waits again, after that. */
  asleep(name: string): Promise<void>
}

/** Nobody yet. They wait until the mailbox is closed. */
export function openWaitingAgents(mailbox: Mailbox): WaitingAgents {
  const [onWoken, onAsleep] = [new Map<string, () => void>(), new Map<string, () => void>()]
  const never = new AbortController().signal
  let size = 0
  const live = async (name: string): Promise<void> => {
    for (;;) {
      const waiting = mailbox.next({ agent: name, instance: name, leaseMs: 60_000, waitMs: hour }, never)
      await turn()
      onAsleep.get(name)?.()
      const batch = await waiting
      if (!batch) return
      onWoken.get(name)?.()
      await mailbox.acknowledge(batch.take)
    }
  }
  const add = async (): Promise<void> => {
    const name = `agent-${size}`
    size += 1
    await mailbox.register(registration(name))
    void live(name)
  }
  const told = (by: Map<string, () => void>, name: string): Promise<void> =>
    new Promise((resolve) => by.set(name, resolve))
  return {
    growTo: async (count) => {
      while (size < count) await add()
    },
    any: () => `agent-${Math.floor(Math.random() * size)}`,
    woken: (name) => told(onWoken, name),
    asleep: (name) => told(onAsleep, name),
  }
}

const hour = 3_600_000

import type { Mailbox, MailRegistration, SentMessage } from '@subagent-mcp/mailbox'
import { setImmediate as turn } from 'node:timers/promises'

/** Returns the mailbox registration of a benchmark agent whose messages this process handles. */
export function benchRegistration(name: string, instance = name): MailRegistration {
  const handler = { instance, kind: 'worker', pid: process.pid, startTime: '-', host: 'bench' } as const
  return { name, project: '/bench', capabilities: [], topics: [], wakes: 'high', handler }
}

/** Sends a message from `asker`, by default in a new thread. */
export function sendMail(mailbox: Mailbox, to: string, body: string, thread?: string): Promise<SentMessage> {
  const from = { name: 'asker', host: 'bench', through: 'agent' } as const
  return mailbox.send({ from, to, body, ...(thread !== undefined && { thread }) })
}

/** Agents that wait for messages and acknowledge each. */
export type WaitingAgents = {
  growTo(count: number): Promise<void>
  /** Returns the name of a random agent. */
  any(): string
  /** Resolves when this agent gets its next message. */
  nextMessage(name: string): Promise<void>
  /** Resolves when this agent waits again after its next message. */
  waitsAgain(name: string): Promise<void>
}

/** Creates an empty group of waiting agents. Each agent that is added waits until the mailbox is closed. */
export function openWaitingAgents(mailbox: Mailbox): WaitingAgents {
  const [onMessage, onWait] = [new Map<string, () => void>(), new Map<string, () => void>()]
  const never = new AbortController().signal
  let size = 0
  const live = async (name: string): Promise<void> => {
    for (;;) {
      const waiting = mailbox.next({ agent: name, instance: name, leaseMs: 60_000, waitMs: hour }, never)
      await turn()
      onWait.get(name)?.()
      const batch = await waiting
      if (!batch) return
      onMessage.get(name)?.()
      await mailbox.acknowledge(batch.take)
    }
  }
  const add = async (): Promise<void> => {
    const name = `agent-${size}`
    size += 1
    await mailbox.register(benchRegistration(name))
    void live(name)
  }
  const once = (by: Map<string, () => void>, name: string): Promise<void> =>
    new Promise((resolve) => by.set(name, resolve))
  return {
    growTo: async (count) => {
      while (size < count) await add()
    },
    any: () => `agent-${Math.floor(Math.random() * size)}`,
    nextMessage: (name) => once(onMessage, name),
    waitsAgain: (name) => once(onWait, name),
  }
}

const hour = 3_600_000

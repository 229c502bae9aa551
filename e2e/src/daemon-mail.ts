import { SubagentError } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import { setTimeout as delay } from 'node:timers/promises'
import { daemonClient, daemonSockets } from './home-daemons.js'

/** The folder name of the git worktree in which workers run, which is their name in the mailbox too. */
export const workerName = 'docs'

/** A message as the daemon's mailbox returns it. */
export type MailMessage = Awaited<ReturnType<DaemonClient['mail']['thread']>>[number]

/** The senders of messages to a worker. Every call retries while the daemon or its mailbox is unreachable. */
export type DaemonMail = {
  /** Sends a message to the worker. Retries use the same key, so the mailbox keeps one message. */
  send(body: string, from?: string): Promise<MailMessage>
  /** Sends a message and resolves with its replies as soon as there is one. */
  ask(body: string, from?: string): Promise<readonly MailMessage[]>
  /** All replies to a message so far. */
  repliesTo(message: MailMessage): Promise<readonly MailMessage[]>
  inbox(name: string): Promise<readonly MailMessage[]>
}

/** Mail through the daemon of a home folder. Each call connects again, because a new daemon may have taken over. */
export function daemonMail(home: string): DaemonMail {
  const retry = <T>(call: (mail: DaemonClient['mail']) => Promise<T>): Promise<T> => untilReached(home, call)
  const send: DaemonMail['send'] = async (body, name = 'ann') => {
    const options = { to: workerName, body, key: `key ${(keys += 1)}` }
    const from = { name, host: 'test', through: 'http' } as const
    return (await retry((mail) => mail.send({ ...options, from }))).message
  }
  const repliesTo: DaemonMail['repliesTo'] = async ({ id, thread }) => {
    const messages = await retry((mail) => mail.thread(thread))
    return messages.filter(({ replyTo }) => replyTo === id)
  }
  return {
    send,
    repliesTo,
    ask: async (body, from) => {
      const message = await send(body, from)
      for (;;) {
        const replies = await repliesTo(message)
        if (replies.length > 0) return replies
        await delay(20)
      }
    },
    inbox: (name) => retry((mail) => mail.inbox(name, { limit: 1_000 })),
  }
}

/** The outcome of a message: its one reply, or a notice to its sender that it was dead-lettered. */
export type MessageOutcome = { type: 'answered'; body: string } | { type: 'dead' }

/** Waits for the outcome of a message. Rejects when the message has more than one reply. */
export async function awaitOutcome({ repliesTo }: DaemonMail, message: MailMessage): Promise<MessageOutcome> {
  for (;;) {
    const replies = await repliesTo(message)
    const [reply] = replies
    if (replies.length > 1) throw new Error(`${replies.length} replies to ${message.body}`)
    if (reply?.kind === 'direct') return { type: 'answered', body: reply.body }
    if (reply) return { type: 'dead' }
    await delay(20)
  }
}

let keys = 0

async function untilReached<T>(home: string, call: (mail: DaemonClient['mail']) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      if (daemonSockets(home).length > 0) return await call(daemonClient(home).mail)
    } catch (error) {
      if (!(error instanceof SubagentError) || !unreachable.includes(error.code)) throw error
    }
    await delay(50)
  }
}

const unreachable = ['daemon-unreachable', 'mailbox-unreachable']

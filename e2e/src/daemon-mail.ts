import { SubagentError } from '@subagent-mcp/contract'
import { connectDaemon, type DaemonClient } from '@subagent-mcp/client'
import { setTimeout as delay } from 'node:timers/promises'
import { daemonSockets } from './end-daemon.js'

/** The name of the worktree, and so of its workers. */
export const workerName = 'docs'

/** A message as the mailbox tells of it. */
export type Message = Awaited<ReturnType<DaemonClient['mail']['thread']>>[number]

/** What senders do in the house of a home; all of it waits for a daemon that is away, or for its mailbox. */
export type DaemonMail = {
  /** Sends to the worker, once, however often it has to be tried. */
  send(body: string, from?: string): Promise<Message>
  /** Sends, and resolves with the replies as soon as there is one. */
  ask(body: string, from?: string): Promise<readonly Message[]>
  /** All that was said in reply so far. */
  repliesTo(message: Message): Promise<readonly Message[]>
  inbox(name: string): Promise<readonly Message[]>
}

/** The mail of a home's daemon, which may be a new one by the next call. */
export function daemonMail(home: string): DaemonMail {
  const ask = <T>(call: (mail: DaemonClient['mail']) => Promise<T>): Promise<T> => untilReached(home, call)
  const send: DaemonMail['send'] = async (body, name = 'ann') => {
    const options = { to: workerName, body, key: `key ${(keys += 1)}` }
    const from = { name, host: 'desk', through: 'http' } as const
    return (await ask((mail) => mail.send({ ...options, from }))).message
  }
  const repliesTo: DaemonMail['repliesTo'] = async ({ id, thread }) => {
    const said = await ask((mail) => mail.thread(thread))
    return said.filter(({ replyTo }) => replyTo === id)
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
    inbox: (name) => ask((mail) => mail.inbox(name, { limit: 1_000 })),
  }
}

/** What became of a message: its one answer, or a notice to its sender that it is dead. */
export type Outcome = { type: 'answered'; body: string } | { type: 'dead' }

/** Waits for it. Rejects where there is more than one. */
export async function outcomeOf({ repliesTo }: DaemonMail, message: Message): Promise<Outcome> {
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

/** A client of the daemon of a home; none where there never was one. */
export function daemonClient(home: string): DaemonClient | undefined {
  const [socketPath] = daemonSockets(home)
  return socketPath === undefined ? undefined : connectDaemon({ socketPath })
}

async function untilReached<T>(home: string, call: (mail: DaemonClient['mail']) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const client = daemonClient(home)
      if (client) return await call(client.mail)
    } catch (error) {
      if (!(error instanceof SubagentError) || !away.includes(error.code)) throw error
    }
    await delay(50)
  }
}

const away = ['daemon-unreachable', 'mailbox-unreachable']

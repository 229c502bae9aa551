import { openMemoryMailbox, type MessageBatch, type Mailbox } from '@subagent-mcp/mailbox'
import type { MessagesToConfirm, MailPort } from './ports/mail-port.js'

/** A mailbox in memory. */
export type MemoryMail = {
  mailbox: Mailbox
  /** The mail port of an agent. Mail that it takes and does not receive is released. */
  portOf(name: string): MailPort
  close(): Promise<void>
}

/** Opens a mailbox in memory with the agents `author` and `reviewer`. */
export async function openMemoryMail(): Promise<MemoryMail> {
  const mailbox = openMemoryMailbox()
  for (const name of ['author', 'reviewer']) {
    const handler = { instance: name, kind: 'session', pid: 1, startTime: '0', host: 'box' } as const
    const what = { name, project: '/p', capabilities: [], topics: ['>'], wakes: 'high', handler } as const
    await mailbox.register(what)
  }
  return {
    mailbox,
    portOf: (name) => portOver(mailbox, name),
    close: mailbox.close,
  }
}

function portOver(mailbox: Mailbox, name: string): MailPort {
  const from = { name, host: 'box', through: 'agent' } as const
  const deliver = (batch?: MessageBatch): MessagesToConfirm => ({
    messages: batch?.messages ?? [],
    received: () => {
      if (batch) void mailbox.acknowledge(batch.take)
    },
  })
  const take = (
    order: { waitMs: number; thread?: string },
    signal = new AbortController().signal,
  ): Promise<MessageBatch | undefined> =>
    mailbox.next({ agent: name, instance: name, leaseMs: 60_000, ...order }, signal)
  return {
    name,
    byTurns: false,
    isUsed: () => Promise.resolve(true),
    onUsed: () => () => undefined,
    send: ({ to, text, ...thread }) => mailbox.send({ from, to, body: text, ...thread }),
    reply: ({ message, text }) => mailbox.reply({ from, message, body: text }),
    wait: async ({ timeoutMs, signal, ...thread }) =>
      deliver(await take({ waitMs: timeoutMs, ...thread }, signal)),
    inbox: async (limit) => ({
      messages: await mailbox.inbox(name, { limit }),
      total: await mailbox.count({ of: 'inbox', agent: name }),
    }),
    read: async (thread, limit) => {
      const messages = await mailbox.thread(thread, { limit })
      const total = await mailbox.count({ of: 'thread', id: thread })
      return { ...deliver(await take({ waitMs: 0, thread })), messages, total }
    },
    news: async () => deliver(await take({ waitMs: 0 })),
  }
}

import { SubagentError, type Clock } from '@subagent-mcp/contract'
import type { MailboxMessage } from '@subagent-mcp/mailbox'
import type { MessagesToConfirm, MailPort } from './ports/mail-port.js'

/** The mail of the agent `me`, which the test keeps in a list. */
export type ManualMail = MailPort & {
  messages: MailboxMessage[]
  byTurns: boolean
  /** Makes it known that there are other agents. */
  beUsed(): void
  /** Adds a message, by default from `reviewer` to `me`. */
  deliver(message?: Partial<MailboxMessage>): MailboxMessage
}

/** Creates mail without messages. */
export function createManualMail(clock: Clock): ManualMail {
  const messages: MailboxMessage[] = []
  const arrivals = new Set<() => void>()
  const unread = (thread?: string): MailboxMessage[] =>
    messages.filter(
      ({ to, status, thread: its }) => to === 'me' && status === 'waiting' && its === (thread ?? its),
    )
  const deliver: ManualMail['deliver'] = (given) => {
    const message: MailboxMessage = { ...plain(messages.length + 1), sentAt: clock.now(), ...given }
    messages.push(message)
    for (const look of arrivals) look()
    return message
  }
  return {
    ...outgoing(messages, deliver),
    name: 'me',
    ...manualUse(),
    byTurns: false,
    messages,
    deliver,
    wait: ({ thread, timeoutMs, signal }) =>
      new Promise((resolve) => {
        const end = (): void => {
          arrivals.delete(look)
          resolve(take(signal.aborted ? [] : unread(thread)))
        }
        const look = (): void => {
          if (unread(thread).length > 0) end()
        }
        arrivals.add(look)
        signal.addEventListener('abort', end)
        clock.after(timeoutMs, end)
        look()
      }),
    inbox: (limit) => Promise.resolve({ messages: unread().slice(0, limit), total: unread().length }),
    read: (thread, limit) => {
      const all = messages.filter((message) => message.thread === thread)
      return Promise.resolve({ ...take(all.slice(-limit)), total: all.length })
    },
    news: () => Promise.resolve(take(unread())),
  }
}

function manualUse(): Pick<ManualMail, 'isUsed' | 'onUsed' | 'beUsed'> {
  const listeners = new Set<() => void>()
  let isUsed = false
  return {
    isUsed: () => Promise.resolve(isUsed),
    onUsed: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    beUsed: () => {
      isUsed = true
      for (const listener of listeners) listener()
    },
  }
}

/** Takes messages, which count as read once received. */
function take(taken: readonly MailboxMessage[]): MessagesToConfirm {
  return {
    messages: taken.map((message) => ({ ...message })),
    received: () => {
      for (const message of taken) if (message.to === 'me') message.status = 'handled'
    },
  }
}

function outgoing(
  messages: readonly MailboxMessage[],
  deliver: ManualMail['deliver'],
): Pick<MailPort, 'send' | 'reply'> {
  const mine = { from: { name: 'me', host: 'box', through: 'agent' } } as const
  return {
    send: ({ to, text, thread = `t${messages.length + 1}` }) =>
      Promise.resolve({ message: deliver({ ...mine, to, body: text, thread }), repeated: false }),
    reply: async ({ message: id, text }) => {
      await Promise.resolve()
      const asked = messages.find((message) => message.id === id)
      if (!asked) throw new SubagentError('unknown-message', `no message '${id}'`, { hint: 'chat inbox' })
      const first = messages.find(({ replyTo }) => replyTo === id)
      if (first) return { message: first, repeated: true }
      const { thread, from } = asked
      const reply = { ...mine, thread, to: from.name, body: text, replyTo: id, expectsReply: false }
      const message = deliver(reply)
      asked.repliedBy = message.id
      return { message, repeated: false }
    },
  }
}

function plain(seq: number): Omit<MailboxMessage, 'sentAt'> {
  return {
    id: `m${seq}`,
    seq,
    thread: `t${seq}`,
    kind: 'direct',
    from: { name: 'reviewer', host: 'box', through: 'agent' },
    to: 'me',
    body: 'hello',
    expectsReply: true,
    status: 'waiting',
    tries: 0,
  }
}

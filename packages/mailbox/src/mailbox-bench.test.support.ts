import { afterEach, beforeEach } from 'vitest'
import type {
  MessageBatch,
  MailHandler,
  Mailbox,
  MailboxLimits,
  NextMailOptions,
  MailRegistration,
  MessageSender,
  MailSendOptions,
  SentMessage,
} from './mailbox.js'

/** Where one test's mailbox is kept. */
export type MailboxPlace = {
  /** Opens a mailbox of the place; the second one as another process or machine would. */
  open(options: {
    rules: Partial<MailboxLimits>
    isAlive: (handler: MailHandler) => boolean
  }): Promise<Mailbox>
  /** Lets time pass for leases and retries, with the effects of what became due. */
  pass(milliseconds: number): Promise<void>
  /** Deletes the place; all its mailboxes are closed by then. */
  remove(): Promise<void>
}

/** The helpers that the mailbox tests share, for one place and its first mailbox. */
export type Bench = ReturnType<typeof useBench>

/** The lease of a test in milliseconds, and a longer time. Both are short, because real time must pass. */
export const leaseMs = 400
export const longerThanLeaseMs = 700

const rules: MailboxLimits = {
  maxBytes: 1_000,
  maxTries: 3,
  backoffMs: 200,
  longestBackoffMs: 300,
  keepMs: 100_000_000,
}

/** Gives each test a place and a mailbox of its own. */
export function useBench(makePlace: () => Promise<MailboxPlace>) {
  let place: MailboxPlace
  let mailbox: Mailbox
  let opened: Mailbox[]
  const dead = new Set<string>()
  const open = async (others: Partial<MailboxLimits> = {}): Promise<Mailbox> => {
    const isAlive = ({ instance }: MailHandler) => !dead.has(instance)
    const another = await place.open({ rules: { ...rules, ...others }, isAlive })
    opened.push(another)
    return another
  }
  beforeEach(async () => {
    dead.clear()
    opened = []
    place = await makePlace()
    mailbox = await open()
  })
  afterEach(async () => {
    await Promise.all(opened.map((each) => each.close()))
    await place.remove()
  })
  const next = (order: Partial<NextMailOptions> = {}, at = mailbox): Promise<MessageBatch | undefined> =>
    at.next(
      { agent: 'worker', instance: 'w1', leaseMs: 60_000, waitMs: 0, ...order },
      new AbortController().signal,
    )
  return {
    mailbox: () => mailbox,
    /** Opens another mailbox of the same place. */
    open,
    pass: (milliseconds: number) => place.pass(milliseconds),
    /** Makes the process of a handler count as gone. */
    die: (instance: string) => dead.add(instance),
    next,
    /** Takes messages, and returns the take and their texts. */
    take: async (order: Partial<NextMailOptions> = {}): Promise<{ take: string; texts: string[] }> => {
      const batch = await next(order)
      return { take: batch?.take ?? '', texts: (batch?.messages ?? []).map(({ body }) => body) }
    },
    register: (order: Partial<MailRegistration> = {}, instance = 'w1') =>
      mailbox.register({ ...registration(instance), ...order }),
    send: (body: string, order: Partial<MailSendOptions> = {}): Promise<SentMessage> =>
      mailbox.send({ from: sender('asker'), to: 'worker', body, ...order }),
  }
}

/** The sender of a test message. */
export function sender(name: string): MessageSender {
  return { name, host: 'here', through: 'agent' }
}

function registration(instance: string): MailRegistration {
  return {
    name: 'worker',
    project: '/work/tree',
    capabilities: ['reads'],
    topics: [],
    wakes: 'high',
    handler: { instance, kind: 'worker', pid: process.pid, startTime: '1', host: 'here' },
  }
}

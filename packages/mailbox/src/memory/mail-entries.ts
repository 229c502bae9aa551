import type { MailboxMessage } from '../mailbox.js'

/** A message with its bookkeeping. `wakes`: it is work for its agent. `since`: when its status last changed. */
export type MailEntry = {
  message: MailboxMessage
  wakes: boolean
  since: number
  dueAt: number
  /** The instance of the handler that holds the message. */
  holder: string | undefined
  take: string | undefined
  /** The time at which the lease of the message ends. */
  until: number | undefined
}

/** The messages of a mailbox in memory, in the order of sending. */
export type MailEntries = {
  all(): readonly MailEntry[]
  find(id: string): MailEntry | undefined
  add(
    message: Omit<MailboxMessage, 'seq' | 'sentAt' | 'status' | 'tries'>,
    letter: { wakes: boolean; at: number },
  ): void
  change(id: string, message: Partial<MailboxMessage>, letter?: Partial<Omit<MailEntry, 'message'>>): void
  replace(letter: MailEntry): void
  remove(id: string): void
}

export const unheldMailEntryFields = { holder: undefined, take: undefined, until: undefined }

/** Creates an empty collection. */
export function createMailEntries(): MailEntries {
  const letters = new Map<string, MailEntry>()
  let seq = 0
  return {
    all: () => [...letters.values()],
    find: (id) => letters.get(id),
    add: (message, { wakes, at }) => {
      seq += 1
      const sent = { ...message, seq, sentAt: at, status: 'waiting', tries: 0 } as const
      letters.set(message.id, { message: sent, wakes, since: at, dueAt: 0, ...unheldMailEntryFields })
    },
    change: (id, message, changed = {}) => {
      const letter = letters.get(id)
      if (letter) letters.set(id, { ...letter, ...changed, message: { ...letter.message, ...message } })
    },
    replace: (letter) => letters.set(letter.message.id, letter),
    remove: (id) => letters.delete(id),
  }
}

/** Whether a message still waits for its agent, held or not. */
export function isMailEntryOpen({ message }: MailEntry): boolean {
  return message.status === 'waiting' || message.status === 'held'
}

/** Whether a message can be taken as work, now or once its thread is free. */
export function canMailEntryBeTaken({ message, wakes }: MailEntry): boolean {
  return wakes && message.status === 'waiting'
}

/** The time until which no message of a queue can be taken, because an earlier one is held or the first waits for its next try; 0 for now. */
export function computeMailQueueBlockEnd(thread: readonly MailEntry[], at: number): number {
  const head = thread.find(canMailEntryBeTaken)
  if (!head) return 0
  const earlier = thread.filter(({ message }) => message.status === 'held' && message.seq < head.message.seq)
  return Math.max(0, ...earlier.map(({ until = 0 }) => until), head.dueAt > at ? head.dueAt : 0)
}

/** The unfinished messages of an agent, grouped into queues by thread. Messages that are no work are left out. */
export function groupMailEntriesByThread(
  letters: readonly MailEntry[],
  agent: string,
  thread: string | null,
): readonly MailEntry[][] {
  const mine = letters.filter(
    (letter) =>
      letter.wakes &&
      isMailEntryOpen(letter) &&
      letter.message.to === agent &&
      (thread === null || letter.message.thread === thread),
  )
  const threads = new Set(mine.map(({ message }) => message.thread))
  return [...threads].map((id) => mine.filter(({ message }) => message.thread === id))
}

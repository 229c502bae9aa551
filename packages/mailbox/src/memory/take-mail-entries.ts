import type { MailCommand } from '../mailbox-command.js'
import type { MailOutcome } from '../mail-outcome.js'
import { formatDeadLetterNotice, createRefusedMailOutcome } from '../refusals.js'
import {
  computeMailQueueBlockEnd,
  unheldMailEntryFields,
  isMailEntryOpen,
  canMailEntryBeTaken,
  groupMailEntriesByThread,
  type MailEntry,
} from './mail-entries.js'
import { recordMailAgentActivity, type MemoryMail } from './memory-mail.js'
import { computeNextMailTakeTime } from './memory-lists.js'

/** Takes messages for an agent under a lease, oldest first. */
export function takeMailEntries(memory: MemoryMail, command: MailCommand<'take'>, at: number): MailOutcome {
  const { agent, instance, leaseMs, limit, tries } = command
  const before = listMailEntriesHeldBy(memory, instance)
  returnLetters(memory, before, at)
  const lapsed = held(memory).filter(({ message, until = 0 }) => message.to === agent && until <= at)
  const failing = { failure: 'its lease ran out', maxTries: tries.maxTries, dueAt: () => 0 }
  const told = countFailedTry(memory, lapsed, failing, at)
  const changed = [...new Set([...recipients(before), ...told])]
  const queues = groupMailEntriesByThread(memory.letters.all(), agent, command.thread)
  const chosen = queues
    .filter((queue) => queue.some(canMailEntryBeTaken) && computeMailQueueBlockEnd(queue, at) === 0)
    .flatMap((queue) => takable(queue, at))
    .toSorted((one, other) => one.message.seq - other.message.seq)
    .slice(0, limit)
  if (chosen.length === 0) {
    const again = computeNextMailTakeTime(queues, at)
    return { type: 'nothing', ...(again !== undefined && { again }), changed }
  }
  recordMailAgentActivity(memory, agent, at)
  const until = at + leaseMs
  for (const { message } of chosen)
    memory.letters.change(message.id, { status: 'held' }, { holder: instance, take: command.take, until })
  const messages = heldUnder(memory, command.take).map(({ message }) => message)
  return { type: 'taken', batch: { take: command.take, until, messages }, changed }
}

/** The takable beginning of a queue: the messages before the first one that is held or waits for its next try. */
function takable(queue: readonly MailEntry[], at: number): readonly MailEntry[] {
  const end = queue.findIndex(({ message, dueAt }) => message.status === 'held' || dueAt > at)
  return end === -1 ? queue : queue.slice(0, end)
}

export function renewMailLease(memory: MemoryMail, command: MailCommand<'renew'>, at: number): MailOutcome {
  const letters = heldUnder(memory, command.take)
  for (const { message } of letters) memory.letters.change(message.id, {}, { until: at + command.leaseMs })
  return { type: 'renewed', held: letters.length > 0, changed: [] }
}

/** Marks messages of a take as handled. Returns also those that the same take acknowledged before. */
export function acknowledgeMailEntries(
  memory: MemoryMail,
  { take: name, ids }: MailCommand<'acknowledge'>,
  at: number,
): MailOutcome {
  const letters = only(heldUnder(memory, name), ids)
  for (const letter of letters) finishMailEntry(memory, letter, at)
  const handled = memory.letters
    .all()
    .filter((each) => each.take === name && each.message.status === 'handled')
  const done = only(handled, ids).map(({ message }) => message.id)
  return { type: 'acknowledged', ids: done, changed: recipients(letters) }
}

/** Releases messages of a take. With a failure it counts a failed try. */
export function releaseMailEntries(
  memory: MemoryMail,
  command: MailCommand<'release'>,
  at: number,
): MailOutcome {
  const { failure, tries } = command
  const letters = only(heldUnder(memory, command.take), command.ids)
  if (failure === null) {
    returnLetters(memory, letters, at)
    return { type: 'done', changed: recipients(letters) }
  }
  const { maxTries, backoffMs, longestBackoffMs } = tries
  const dueAt = (failed: number): number => at + Math.min(backoffMs * 2 ** (failed - 1), longestBackoffMs)
  const told = countFailedTry(memory, letters, { failure, maxTries, dueAt }, at)
  return { type: 'done', changed: [...new Set([...recipients(letters), ...told])] }
}

/** Marks messages that nobody holds as handled, including those before a retry and events below `wakes`. */
export function markMailEntriesRead(
  memory: MemoryMail,
  { agent, ids, limit }: MailCommand<'read'>,
  at: number,
): MailOutcome {
  const isFree = ({ message, until = 0 }: MailEntry): boolean => message.status === 'waiting' || until <= at
  const mine = memory.letters
    .all()
    .filter((letter) => letter.message.to === agent && isMailEntryOpen(letter) && isFree(letter))
  const letters = only(mine, ids).slice(0, limit)
  for (const letter of letters) finishMailEntry(memory, letter, at)
  const messages = letters.map(({ message }) => ({ ...message, status: 'handled' }) as const)
  return { type: 'messages', messages, changed: messages.length === 0 ? [] : [agent] }
}

export function reviveDeadLetter(
  { letters }: MemoryMail,
  { id }: MailCommand<'revive'>,
  at: number,
): MailOutcome {
  const letter = letters.find(id)
  if (letter?.message.status !== 'dead')
    return createRefusedMailOutcome('unknown-message', `there is no dead letter ${id}`)
  const { failure: _, ...message } = letter.message
  letters.replace({ ...letter, message: { ...message, status: 'waiting', tries: 0 }, since: at, dueAt: 0 })
  const messages = [letters.find(id)?.message].filter((revived) => revived !== undefined)
  return { type: 'messages', messages, changed: [message.to] }
}

function held({ letters }: MemoryMail): MailEntry[] {
  return letters.all().filter(({ message }) => message.status === 'held')
}

export function listMailEntriesHeldBy(memory: MemoryMail, instance: string): MailEntry[] {
  return held(memory).filter(({ holder }) => holder === instance)
}

function heldUnder(memory: MemoryMail, take: string): MailEntry[] {
  return held(memory).filter((letter) => letter.take === take)
}

function only(letters: readonly MailEntry[], ids: readonly string[] | null): readonly MailEntry[] {
  return ids === null ? letters : letters.filter(({ message }) => ids.includes(message.id))
}

function recipients(letters: readonly MailEntry[]): string[] {
  return [...new Set(letters.map(({ message }) => message.to))]
}

/** Marks a message as handled. Keeps its take, so that a repeated acknowledge returns the same ids. */
export function finishMailEntry({ letters }: MemoryMail, { message }: MailEntry, at: number): void {
  letters.change(message.id, { status: 'handled' }, { since: at, holder: undefined, until: undefined })
}

/** Returns messages to their queues, without a failed try. */
function returnLetters(memory: MemoryMail, taken: readonly MailEntry[], at: number): void {
  for (const { message } of unreplied(memory, taken, at))
    memory.letters.change(message.id, { status: 'waiting' }, unheldMailEntryFields)
}

/** Marks messages that have a reply as handled, because they need no other try. Returns the messages without a reply. */
function unreplied(memory: MemoryMail, taken: readonly MailEntry[], at: number): MailEntry[] {
  for (const letter of taken) if (letter.message.repliedBy !== undefined) finishMailEntry(memory, letter, at)
  return taken.filter(({ message }) => message.repliedBy === undefined)
}

type Failing = { failure: string; maxTries: number; dueAt: (tries: number) => number }

/** Counts a failed try of messages: they are retried later, or become dead letters. Returns the agents that get a notice. */
export function countFailedTry(
  memory: MemoryMail,
  taken: readonly MailEntry[],
  failing: Failing,
  at: number,
): string[] {
  const { failure, maxTries, dueAt } = failing
  return unreplied(memory, taken, at).flatMap((letter) => {
    const tries = letter.message.tries + 1
    if (tries >= maxTries) return makeDeadLetter(memory, letter, { failure, tries, at })
    memory.letters.change(
      letter.message.id,
      { status: 'waiting', tries, failure },
      { ...unheldMailEntryFields, dueAt: dueAt(tries) },
    )
    return []
  })
}

/** Makes a message a dead letter and sends its sender a notice. Returns the agents that get one. */
export function makeDeadLetter(
  { letters }: MemoryMail,
  { message }: MailEntry,
  { failure, tries, at }: { failure: string; tries: number; at: number },
): string[] {
  const { id, thread, kind, from } = message
  letters.change(id, { status: 'dead', tries, failure }, { ...unheldMailEntryFields, since: at })
  // A notice about a notice would never end.
  if (kind === 'notice' || from.through === 'mailbox') return []
  let notice = `${id}:dead`
  for (let death = 2; letters.find(notice); death += 1) notice = `${id}:dead:${death}`
  const mailbox = { name: 'mailbox', host: '', through: 'mailbox' } as const
  const body = formatDeadLetterNotice(message, failure)
  letters.add(
    {
      id: notice,
      thread,
      kind: 'notice',
      from: mailbox,
      to: from.name,
      body,
      expectsReply: false,
      replyTo: id,
    },
    { wakes: true, at },
  )
  return [from.name]
}

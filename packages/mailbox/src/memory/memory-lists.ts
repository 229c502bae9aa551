import { mailPageSizes } from '@subagent-mcp/contract'
import type { MailList, MailboxMessage, MailboxThread, UntakenMailCount } from '../mailbox.js'
import type { MailState } from '../mail-state.js'
import {
  computeMailQueueBlockEnd,
  isMailEntryOpen,
  canMailEntryBeTaken,
  groupMailEntriesByThread,
  type MailEntry,
} from './mail-entries.js'
import type { MemoryMail } from './memory-mail.js'

const { default: usual } = mailPageSizes

export function createMemoryMailLists(memory: MemoryMail): Omit<MailState, 'apply'> {
  const { letters, agents, handlers } = memory
  const handlersOf = (agent?: string) =>
    [...handlers.values()]
      .filter((handler) => agent === undefined || handler.agent === agent)
      .toSorted(byInstance)
  const inbox = (agent: string): MailEntry[] =>
    letters.all().filter((letter) => isMailEntryOpen(letter) && letter.message.to === agent)
  const threadOf = (id: string): MailEntry[] => letters.all().filter(({ message }) => message.thread === id)
  const dead = (agent?: string): MailEntry[] =>
    letters.all().filter(({ message }) => message.status === 'dead' && (agent ?? message.to) === message.to)
  return {
    handlers: handlersOf,
    names: () => [...agents.keys()],
    agents: () =>
      [...agents].toSorted(byKey).map(([name, agent]) => ({
        ...{ name, ...agent },
        handlers: handlersOf(name).map(({ agent: _agent, keeper: _keeper, ...handler }) => handler),
        waiting: inbox(name).filter(({ message }) => message.kind !== 'event').length,
        dead: dead(name).length,
      })),
    peek: (query, at) => peek(memory, query, at),
    inbox: (agent, { after = 0, limit = usual } = {}) => pageAfter(inbox(agent), after, limit),
    quiet: (agent, { after = 0, limit = usual } = {}) =>
      pageAfter(
        inbox(agent).filter(({ wakes }) => !wakes),
        after,
        limit,
      ),
    waiting: () => waitingIn(letters.all().filter(canMailEntryBeTaken)),
    threads: ({ agent, limit = usual }) =>
      threadsIn(letters.all(), agent)
        .slice(0, limit)
        .flatMap((id) => describeThread(id, threadOf(id))),
    thread: (id, { before = Infinity, limit = usual } = {}) =>
      threadOf(id)
        .map(({ message }) => message)
        .filter(({ seq }) => seq < before)
        .slice(-limit),
    dead: ({ agent, limit = usual }) =>
      dead(agent)
        .toSorted((one, other) => other.since - one.since || other.message.seq - one.message.seq)
        .slice(0, limit)
        .map(({ message }) => message),
    sent: ({ after = 0, limit = usual } = {}) => pageAfter(letters.all(), after, limit),
    count: (list) => countOf(list, { inbox, threadOf, dead, all: letters.all }),
  }
}

type Lists = {
  inbox(agent: string): readonly MailEntry[]
  threadOf(id: string): readonly MailEntry[]
  dead(agent?: string): readonly MailEntry[]
  all(): readonly MailEntry[]
}

function countOf(list: MailList, { inbox, threadOf, dead, all }: Lists): number {
  switch (list.of) {
    case 'inbox':
      return inbox(list.agent).length
    case 'thread':
      return threadOf(list.id).length
    case 'threads':
      return threadsIn(all(), list.agent).length
    case 'dead':
      return dead(list.agent).length
  }
}

function pageAfter(letters: readonly MailEntry[], after: number, limit: number): MailboxMessage[] {
  return letters
    .map(({ message }) => message)
    .filter(({ seq }) => seq > after)
    .slice(0, limit)
}

/** The threads in which an agent, or any agent, sent or got a message; the one with the newest message first. */
function threadsIn(letters: readonly MailEntry[], agent: string | undefined): string[] {
  const mine = letters.filter((letter) => agent === undefined || namesIn(letter).includes(agent))
  return [...new Set(mine.map(({ message }) => message.thread).toReversed())]
}

function namesIn({ message: { to, from } }: MailEntry): string[] {
  return from.through === 'mailbox' ? [to] : [to, from.name]
}

function describeThread(id: string, letters: readonly MailEntry[]): MailboxThread[] {
  const last = letters.at(-1)?.message
  if (!last) return []
  const agents = [...new Set(letters.flatMap(namesIn))].toSorted(compare)
  const waiting = letters.filter(isMailEntryOpen).length
  return [
    { id, agents, messages: letters.length, waiting, lastAt: last.sentAt, last: last.body.slice(0, 200) },
  ]
}

/** The number of an agent's newest messages in which its latest senders are looked up. */
const newestMessages = 32
const mostSenders = 3

function waitingIn(work: readonly MailEntry[]): UntakenMailCount[] {
  const agents = [...new Set(work.map(({ message }) => message.to))].toSorted(compare)
  return agents.flatMap((agent) => {
    const mine = work.filter(({ message }) => message.to === agent).toReversed()
    const [newest] = mine
    const senders = mine.slice(0, newestMessages).map(({ message }) => message.from.name)
    const from = [...new Set(senders)].slice(0, mostSenders)
    return newest ? [{ agent, messages: mine.length, newest: newest.message.id, from }] : []
  })
}

function peek(
  { letters }: MemoryMail,
  { agent, instance, thread }: Parameters<MailState['peek']>[0],
  at: number,
): ReturnType<MailState['peek']> {
  const all = letters.all()
  const holds = all.some(({ message, holder }) => message.status === 'held' && holder === instance)
  const queues = groupMailEntriesByThread(all, agent, thread)
  const isReady = (queue: readonly MailEntry[]): boolean =>
    queue.some(canMailEntryBeTaken) && computeMailQueueBlockEnd(queue, at) === 0
  if (holds || queues.some(isReady)) return { actionable: true }
  const again = computeNextMailTakeTime(queues, at)
  if (again === undefined) return { actionable: false }
  return again <= at ? { actionable: true } : { actionable: false, again }
}

/** When the next lease in these queues ends, or the next message is tried again; `undefined` for neither. */
export function computeNextMailTakeTime(
  queues: readonly (readonly MailEntry[])[],
  at: number,
): number | undefined {
  const leases = queues
    .flat()
    .flatMap(({ message, until }) => (message.status === 'held' ? (until ?? []) : []))
  const blocked = queues.map((queue) => computeMailQueueBlockEnd(queue, at)).filter((time) => time > 0)
  const times = [...leases, ...blocked]
  return times.length === 0 ? undefined : Math.min(...times)
}

function byInstance(one: { instance: string }, other: { instance: string }): number {
  return compare(one.instance, other.instance)
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return compare(one, other)
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

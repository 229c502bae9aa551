import { createHash } from 'node:crypto'

/**
 * What the subject of a message says. Lists and counts are filters on it, so that the servers search and the machine reads one page.
 * `opens`: it is the first of its thread. `adds…`: its sender or its receiver had no part in the thread before. The number
 * of an agent's threads is the number of messages that add it.
 */
export type MessageSubject = {
  to: string
  /** Whether `next` returns the message; it never returns quiet events. */
  urgency: 'work' | 'quiet'
  kind: 'direct' | 'event'
  from: string
  opens: boolean
  addsSender: boolean
  addsReceiver: boolean
  thread: string
  id: string
}

/** Returns the subject of a message. */
export function formatMessageSubject(prefix: string, about: MessageSubject): string {
  return formatMessageFilter(prefix, about)
}

/** Returns the filter of the messages that have all given parts. */
export function formatMessageFilter(prefix: string, about: Partial<MessageSubject>): string {
  const { to, urgency, kind, from, opens, addsSender, addsReceiver, thread, id } = about
  const flags = [opens, addsSender, addsReceiver].map((flag) =>
    flag === undefined ? undefined : flag ? '1' : '0',
  )
  const parts = [word(to), urgency, kind, word(from), ...flags, word(thread), word(id)]
  return [prefix, 'message', ...parts.map((part) => part ?? '*')].join('.')
}

/** The parts of a message's subject. A long thread is a hash there. */
export function parseMessageSubject(subject: string): MessageSubject {
  const [to = '', urgency, kind, from = '', opens, sender, receiver, thread = '', id = ''] = subject
    .split('.')
    .slice(2)
  return {
    to: plain(to),
    urgency: urgency === 'quiet' ? 'quiet' : 'work',
    kind: kind === 'event' ? 'event' : 'direct',
    from: plain(from),
    opens: opens === '1',
    addsSender: sender === '1',
    addsReceiver: receiver === '1',
    thread: plain(thread),
    id: plain(id),
  }
}

/**
 * Whether no message of the same thread to the same agent can be earlier. `addsReceiver` does not say it: of two messages that are
 * sent in parallel both may have it.
 */
export function isFirstMessageOfQueue({ kind, thread, id }: MessageSubject): boolean {
  return kind === 'event' || thread === id
}

/** Returns the subject of the record of a queue, which is an agent and a thread, or the filter of an agent's or a thread's queues. */
export function formatQueueSubject(prefix: string, agent: string | undefined, thread?: string): string {
  return `${prefix}.queue.${word(agent) ?? '*'}.${word(thread) ?? '*'}`
}

/** Returns the subject that says that messages of a queue can be taken again, or a filter. */
export function formatReadySubject(prefix: string, agent?: string, thread?: string): string {
  return `${prefix}.ready.${word(agent) ?? '*'}.${word(thread) ?? '*'}`
}

/** Returns the subject of an agent's record, or the filter of all. */
export function formatAgentSubject(prefix: string, name?: string): string {
  return `${prefix}.agent.${word(name) ?? '*'}`
}

/** Returns the subject of the record of a dead letter, or a filter. */
export function formatDeadLetterSubject(prefix: string, agent?: string, id?: string): string {
  return `${prefix}.dead.${word(agent) ?? '*'}.${word(id) ?? '*'}`
}

/** Returns the subject of the record of a sender's key. */
export function formatMessageKeySubject(prefix: string, sender?: string, key?: string): string {
  return `${prefix}.key.${sender === undefined ? '*' : hash(JSON.stringify([sender, key]))}`
}

/** Returns the subject of the record of the model that wrote a reply. */
export function formatReplyModelSubject(prefix: string, reply?: string): string {
  return `${prefix}.model.${word(reply) ?? '*'}`
}

/** Turns a text into one word of a subject: as it is, where that can be, else in base64, and a long one as its hash. */
function word(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (/^[A-Za-z0-9_:-]{1,80}$/.test(text)) return text
  const encoded = Buffer.from(text).toString('base64url')
  return encoded.length <= 120 ? `=${encoded}` : `=h${hash(text)}`
}

function plain(part: string): string {
  if (!part.startsWith('=') || part.startsWith('=h')) return part
  return Buffer.from(part.slice(1), 'base64url').toString()
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

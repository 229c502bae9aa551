import type { KnownAgent, Message, Thread } from '@subagent-mcp/mailbox'
import { visibleText } from '@subagent-mcp/mcp-server'
import { plural, shortPath, shortSpan } from '../../terminal/format.js'
import type { TableLayout } from '../../terminal/table.js'
import { bodyLine, messageKindRemarks, shortText, messageStateRemarks } from './mail-text.js'

/** The current time (Unix ms) and the user's home folder, for ages and paths in tables of messages. */
export type MailContext = { now: number; home: string }

/** The layout of the table of messages that wait for an agent. */
export function inboxTable({ now }: MailContext): TableLayout<Message> {
  return {
    columns: [
      ['FROM', ({ from }) => shortText(from.name), 'bold'],
      ['AGE', ({ sentAt }) => shortSpan(now - sentAt)],
      ['NOTE', inboxNote, 'yellow'],
      ['THREAD', ({ thread }) => shortText(thread)],
      ['TEXT', ({ body }) => bodyLine(body)],
    ],
    dropFirst: ['AGE', 'NOTE', 'THREAD'],
  }
}

/** The layout of the table of dead letters. */
export function deadTable({ now }: MailContext): TableLayout<Message> {
  return {
    columns: [
      ['ID', ({ id }) => shortText(id), 'bold'],
      ['TO', ({ to }) => shortText(to)],
      ['FROM', ({ from }) => shortText(from.name)],
      ['AGE', ({ sentAt }) => shortSpan(now - sentAt)],
      ['WHY', failureNote, 'red'],
      ['TEXT', ({ body }) => bodyLine(body)],
    ],
    dropFirst: ['AGE', 'FROM', 'WHY'],
  }
}

/** The layout of the table of threads. */
export function threadsTable({ now }: MailContext): TableLayout<Thread> {
  return {
    columns: [
      ['THREAD', ({ id }) => shortText(id), 'bold'],
      ['AGENTS', ({ agents }) => agents.map(shortText).join(', ')],
      ['MESSAGES', ({ messages }) => `${messages}`],
      ['WAITING', ({ waiting }) => unlessZero(waiting), 'yellow'],
      ['LAST', ({ lastAt }) => shortSpan(now - lastAt)],
      ['TEXT', ({ last }) => bodyLine(last)],
    ],
    dropFirst: ['MESSAGES', 'LAST', 'WAITING', 'AGENTS'],
  }
}

/** The layout of the table of agents that the mailbox knows. */
export function mailAgentsTable({ now, home }: MailContext): TableLayout<KnownAgent> {
  return {
    columns: [
      ['NAME', ({ name }) => shortText(name), 'bold'],
      ['WAITING', ({ waiting }) => unlessZero(waiting), 'yellow'],
      ['DEAD', ({ dead }) => unlessZero(dead), 'red'],
      ['SEEN', ({ lastSeenAt }) => shortSpan(now - lastSeenAt)],
      ['PROVIDER', ({ provider = '' }) => shortText(provider)],
      ['TOPICS', ({ topics }) => topics.map(shortText).join(', ')],
      ['PROJECT', ({ project }) => visibleText(shortPath(project, home), 200)],
      ['HANDLED BY', handlersText],
    ],
    dropFirst: ['TOPICS', 'PROJECT', 'PROVIDER', 'SEEN'],
  }
}

/** Returns the remarks on a message of an inbox, but not that it waits, because all messages of an inbox do. */
function inboxNote(message: Message): string {
  const state = messageStateRemarks(message).filter((remark) => remark !== 'waiting')
  return [...messageKindRemarks(message), ...state].join(', ')
}

function failureNote({ failure = '', tries }: Message): string {
  return failure === '' ? plural(tries, 'failure') : visibleText(failure, 80)
}

function handlersText({ handlers }: KnownAgent): string {
  const texts = handlers.map(({ kind, host, pid }) => `${kind} on ${shortText(host)} (pid ${pid})`)
  return texts.join(', ') || 'no process now'
}

function unlessZero(number: number): string {
  return number > 0 ? `${number}` : ''
}

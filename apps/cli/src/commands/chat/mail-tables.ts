import type { MailAgent, Message, Thread } from '@subagent-mcp/mailbox'
import { revealInvisible } from '@subagent-mcp/mcp-server'
import { pluralize, shortPath, shortSpan } from '../../terminal/format.js'
import type { TableLayout } from '../../terminal/table.js'
import { mailBodyLine, mailKindRemarks, safeMailName, mailStateRemarks } from './mail-text.js'

/** The current time (Unix ms) and the user's home folder, for ages and paths in tables of messages. */
export type MailTableContext = { now: number; home: string }

export function inboxTableLayout({ now }: MailTableContext): TableLayout<Message> {
  return {
    columns: [
      ['FROM', ({ from }) => safeMailName(from.name), 'bold'],
      ['AGE', ({ sentAt }) => shortSpan(now - sentAt)],
      ['NOTE', inboxNote, 'yellow'],
      ['THREAD', ({ thread }) => safeMailName(thread)],
      ['TEXT', ({ body }) => mailBodyLine(body)],
    ],
    dropFirst: ['AGE', 'NOTE', 'THREAD'],
  }
}

export function deadLetterTableLayout({ now }: MailTableContext): TableLayout<Message> {
  return {
    columns: [
      ['ID', ({ id }) => safeMailName(id), 'bold'],
      ['TO', ({ to }) => safeMailName(to)],
      ['FROM', ({ from }) => safeMailName(from.name)],
      ['AGE', ({ sentAt }) => shortSpan(now - sentAt)],
      ['WHY', failureNote, 'red'],
      ['TEXT', ({ body }) => mailBodyLine(body)],
    ],
    dropFirst: ['AGE', 'FROM', 'WHY'],
  }
}

export function threadTableLayout({ now }: MailTableContext): TableLayout<Thread> {
  return {
    columns: [
      ['THREAD', ({ id }) => safeMailName(id), 'bold'],
      ['AGENTS', ({ agents }) => agents.map(safeMailName).join(', ')],
      ['MESSAGES', ({ messages }) => `${messages}`],
      ['WAITING', ({ waiting }) => unlessZero(waiting), 'yellow'],
      ['LAST', ({ lastAt }) => shortSpan(now - lastAt)],
      ['TEXT', ({ last }) => mailBodyLine(last)],
    ],
    dropFirst: ['MESSAGES', 'LAST', 'WAITING', 'AGENTS'],
  }
}

export function mailAgentTableLayout({ now, home }: MailTableContext): TableLayout<MailAgent> {
  return {
    columns: [
      ['NAME', ({ name }) => safeMailName(name), 'bold'],
      ['WAITING', ({ waiting }) => unlessZero(waiting), 'yellow'],
      ['DEAD', ({ dead }) => unlessZero(dead), 'red'],
      ['SEEN', ({ lastSeenAt }) => shortSpan(now - lastSeenAt)],
      ['PROVIDER', ({ provider = '' }) => safeMailName(provider)],
      ['TOPICS', ({ topics }) => topics.map(safeMailName).join(', ')],
      ['PROJECT', ({ project }) => revealInvisible(shortPath(project, home), 200)],
      ['HANDLED BY', handlersText],
    ],
    dropFirst: ['TOPICS', 'PROJECT', 'PROVIDER', 'SEEN'],
  }
}

/** Returns the remarks on a message of an inbox, but not that it waits, because all messages of an inbox do. */
function inboxNote(message: Message): string {
  const state = mailStateRemarks(message).filter((remark) => remark !== 'waiting')
  return [...mailKindRemarks(message), ...state].join(', ')
}

function failureNote({ failure = '', tries }: Message): string {
  return failure === '' ? pluralize(tries, 'failure') : revealInvisible(failure, 80)
}

function handlersText({ handlers }: MailAgent): string {
  const texts = handlers.map(({ kind, host, pid }) => `${kind} on ${safeMailName(host)} (pid ${pid})`)
  return texts.join(', ') || 'no process now'
}

function unlessZero(number: number): string {
  return number > 0 ? `${number}` : ''
}

import type { MailAgent, MailboxMessage, MailboxThread } from '@subagent-mcp/mailbox'
import { revealInvisibleCharacters } from '@subagent-mcp/mcp-server'
import { formatCountWithNoun, formatShortPath, formatShortTimeSpan } from '../../terminal/format.js'
import type { TableLayout } from '../../terminal/table.js'
import { formatMailBodyLine, describeMailKind, escapeMailName, describeMailState } from './mail-text.js'

/** The current time (Unix ms) and the user's home folder, for ages and paths in tables of messages. */
export type MailTableContext = { now: number; home: string }

export function createInboxTableLayout({ now }: MailTableContext): TableLayout<MailboxMessage> {
  return {
    columns: [
      ['FROM', ({ from }) => escapeMailName(from.name), 'bold'],
      ['AGE', ({ sentAt }) => formatShortTimeSpan(now - sentAt)],
      ['NOTE', inboxNote, 'yellow'],
      ['THREAD', ({ thread }) => escapeMailName(thread)],
      ['TEXT', ({ body }) => formatMailBodyLine(body)],
    ],
    dropFirst: ['AGE', 'NOTE', 'THREAD'],
  }
}

export function createDeadLetterTableLayout({ now }: MailTableContext): TableLayout<MailboxMessage> {
  return {
    columns: [
      ['ID', ({ id }) => escapeMailName(id), 'bold'],
      ['TO', ({ to }) => escapeMailName(to)],
      ['FROM', ({ from }) => escapeMailName(from.name)],
      ['AGE', ({ sentAt }) => formatShortTimeSpan(now - sentAt)],
      ['WHY', failureNote, 'red'],
      ['TEXT', ({ body }) => formatMailBodyLine(body)],
    ],
    dropFirst: ['AGE', 'FROM', 'WHY'],
  }
}

export function createThreadTableLayout({ now }: MailTableContext): TableLayout<MailboxThread> {
  return {
    columns: [
      ['THREAD', ({ id }) => escapeMailName(id), 'bold'],
      ['AGENTS', ({ agents }) => agents.map(escapeMailName).join(', ')],
      ['MESSAGES', ({ messages }) => `${messages}`],
      ['WAITING', ({ waiting }) => unlessZero(waiting), 'yellow'],
      ['LAST', ({ lastAt }) => formatShortTimeSpan(now - lastAt)],
      ['TEXT', ({ last }) => formatMailBodyLine(last)],
    ],
    dropFirst: ['MESSAGES', 'LAST', 'WAITING', 'AGENTS'],
  }
}

export function createMailAgentTableLayout({ now, home }: MailTableContext): TableLayout<MailAgent> {
  return {
    columns: [
      ['NAME', ({ name }) => escapeMailName(name), 'bold'],
      ['WAITING', ({ waiting }) => unlessZero(waiting), 'yellow'],
      ['DEAD', ({ dead }) => unlessZero(dead), 'red'],
      ['SEEN', ({ lastSeenAt }) => formatShortTimeSpan(now - lastSeenAt)],
      ['PROVIDER', ({ provider = '' }) => escapeMailName(provider)],
      ['TOPICS', ({ topics }) => topics.map(escapeMailName).join(', ')],
      ['PROJECT', ({ project }) => revealInvisibleCharacters(formatShortPath(project, home), 200)],
      ['HANDLED BY', handlersText],
    ],
    dropFirst: ['TOPICS', 'PROJECT', 'PROVIDER', 'SEEN'],
  }
}

/** Returns the remarks on a message of an inbox, but not that it waits, because all messages of an inbox do. */
function inboxNote(message: MailboxMessage): string {
  const state = describeMailState(message).filter((remark) => remark !== 'waiting')
  return [...describeMailKind(message), ...state].join(', ')
}

function failureNote({ failure = '', tries }: MailboxMessage): string {
  return failure === '' ? formatCountWithNoun(tries, 'failure') : revealInvisibleCharacters(failure, 80)
}

function handlersText({ handlers }: MailAgent): string {
  const texts = handlers.map(({ kind, host, pid }) => `${kind} on ${escapeMailName(host)} (pid ${pid})`)
  return texts.join(', ') || 'no process now'
}

function unlessZero(number: number): string {
  return number > 0 ? `${number}` : ''
}

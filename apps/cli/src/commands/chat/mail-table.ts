import type { KnownAgent, Message, Thread } from '@subagent-mcp/mailbox'
import { visibleText } from '@subagent-mcp/mcp-server'
import { plural, shortSpan } from '../../terminal/format.js'
import { bodyLine, kindRemarks, shortText, stateRemarks } from './mail-text.js'
import type { Paint, Tone } from '../../terminal/paint.js'
import { shortPath } from '../../terminal/short-path.js'
import { dropColumns, renderTable, type Cell } from '../../terminal/table.js'

/** How wide a table may be, how it looks, and what it depends on besides what is in it. */
export type MailTable = { columns: number; paint: Paint; now: number; home: string }

/** What waits for an agent, a line each under its titles. */
export function renderInbox(messages: readonly Message[], table: MailTable): string[] {
  const columns: Column<Message>[] = [
    ['FROM', ({ from }) => shortText(from.name), 'bold'],
    ['AGE', ({ sentAt }) => shortSpan(table.now - sentAt)],
    ['NOTE', inboxNote, 'yellow'],
    ['THREAD', ({ thread }) => shortText(thread)],
    ['TEXT', ({ body }) => bodyLine(body)],
  ]
  return renderColumns(messages, { columns, lessImportant: ['AGE', 'NOTE', 'THREAD'] }, table)
}

/** Dead letters, a line each under its titles. */
export function renderDead(messages: readonly Message[], table: MailTable): string[] {
  const columns: Column<Message>[] = [
    ['ID', ({ id }) => shortText(id), 'bold'],
    ['TO', ({ to }) => shortText(to)],
    ['FROM', ({ from }) => shortText(from.name)],
    ['AGE', ({ sentAt }) => shortSpan(table.now - sentAt)],
    ['WHY', deadNote, 'red'],
    ['TEXT', ({ body }) => bodyLine(body)],
  ]
  return renderColumns(messages, { columns, lessImportant: ['AGE', 'FROM', 'WHY'] }, table)
}

/** Threads, a line each under its titles. */
export function renderThreads(threads: readonly Thread[], table: MailTable): string[] {
  const columns: Column<Thread>[] = [
    ['THREAD', ({ id }) => shortText(id), 'bold'],
    ['AGENTS', ({ agents }) => agents.map(shortText).join(', ')],
    ['MESSAGES', ({ messages }) => `${messages}`],
    ['WAITING', ({ waiting }) => unlessNone(waiting), 'yellow'],
    ['LAST', ({ lastAt }) => shortSpan(table.now - lastAt)],
    ['TEXT', ({ last }) => bodyLine(last)],
  ]
  return renderColumns(threads, { columns, lessImportant: ['MESSAGES', 'LAST', 'WAITING', 'AGENTS'] }, table)
}

/** Who is known to the mailbox, a line each under its titles. */
export function renderKnown(agents: readonly KnownAgent[], table: MailTable): string[] {
  const columns: Column<KnownAgent>[] = [
    ['NAME', ({ name }) => shortText(name), 'bold'],
    ['WAITING', ({ waiting }) => unlessNone(waiting), 'yellow'],
    ['DEAD', ({ dead }) => unlessNone(dead), 'red'],
    ['SEEN', ({ lastSeenAt }) => shortSpan(table.now - lastSeenAt)],
    ['PROVIDER', ({ provider = '' }) => shortText(provider)],
    ['TOPICS', ({ topics }) => topics.map(shortText).join(', ')],
    ['PROJECT', ({ project }) => visibleText(shortPath(project, table.home), 200)],
    ['HANDLED BY', handlersText],
  ]
  return renderColumns(agents, { columns, lessImportant: ['TOPICS', 'PROJECT', 'PROVIDER', 'SEEN'] }, table)
}

type Column<Item> = readonly [title: string, text: (item: Item) => string, tone?: Tone]

type Content<Item> = { columns: readonly Column<Item>[]; lessImportant: readonly string[] }

function renderColumns<Item>(
  items: readonly Item[],
  { columns, lessImportant }: Content<Item>,
  { columns: width, paint }: MailTable,
): string[] {
  if (items.length === 0) return []
  const rows = [
    columns.map(([text]): Cell => ({ text, tone: 'dim' })),
    ...items.map((item) => columns.map(([, text, tone = 'plain']): Cell => ({ text: text(item), tone }))),
  ]
  return renderTable(dropColumns(rows, { lessImportant, columns: width, room: 24 }), width, paint)
}

/** That a message waits goes without saying here. */
function inboxNote(message: Message): string {
  const state = stateRemarks(message).filter((remark) => remark !== 'waiting')
  return [...kindRemarks(message), ...state].join(', ')
}

function deadNote({ failure = '', tries }: Message): string {
  return failure === '' ? plural(tries, 'failure') : visibleText(failure, 80)
}

function handlersText({ handlers }: KnownAgent): string {
  const texts = handlers.map(({ kind, host, pid }) => `${kind} on ${shortText(host)} (pid ${pid})`)
  return texts.join(', ') || 'nobody now'
}

function unlessNone(number: number): string {
  return number > 0 ? `${number}` : ''
}

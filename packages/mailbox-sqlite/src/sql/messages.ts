import { EventSeverity } from '@subagent-mcp/contract'
import type { SqliteStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { MailboxMessage } from '@subagent-mcp/mailbox'
import type { MailTransaction } from './mail-transaction.js'
import { appendToQueue } from './queues.js'

/** The fields of a message when it is sent. `wakes`: it is work for its agent. */
export type NewMail = Pick<
  MailboxMessage,
  'id' | 'thread' | 'kind' | 'from' | 'to' | 'body' | 'expectsReply'
> &
  Pick<MailboxMessage, 'replyTo' | 'topic' | 'severity'> & { wakes: boolean }

/** Inserts a message with the next `seq`, adds it to its queue, and returns it. */
export function insertMessage(moment: MailTransaction, message: NewMail): MailboxMessage {
  const inserted = insert(moment, message, insertInto('true'))
  if (inserted === undefined) throw new Error(`message ${message.id} was not written`)
  return inserted
}

/**
 * Inserts a message as `insertMessage` does, unless its recipient is not known or there is a message with its id; then it returns
 * undefined. One statement, because each costs as much as the insert itself.
 */
export function insertMessageIfRecipientKnown(
  moment: MailTransaction,
  message: NewMail,
): MailboxMessage | undefined {
  return insert(moment, message, toKnown, message.to, message.id)
}

function insertInto(condition: string): string {
  return `INSERT INTO mailMessages (id, thread, kind, sender, senderHost, through, model, recipient, sentAt, since,
    expectsReply, replyTo, topic, severity, wakes, body) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE ${condition}`
}

/** Without `ON CONFLICT DO NOTHING`, which would use up a `seq` for each message that is there. */
const toKnown = insertInto(
  'EXISTS (SELECT 1 FROM mailAgents WHERE name = ?) AND NOT EXISTS (SELECT 1 FROM mailMessages WHERE id = ?)',
)

function insert(
  moment: MailTransaction,
  message: NewMail,
  statement: string,
  ...condition: string[]
): MailboxMessage | undefined {
  const { wakes, from, ...rest } = message
  const { id, thread, kind, to, body, expectsReply, replyTo, topic, severity } = rest
  const { store, at } = moment
  const { name, host, through, model } = from
  const { changes, lastInsertRowid } = store.run(
    statement,
    ...[id, thread, kind, name, host, through, model ?? null, to, at, at, Number(expectsReply)],
    ...[replyTo ?? null, topic ?? null, severity ?? null, Number(wakes), body],
    ...condition,
  )
  if (changes === 0) return undefined
  const seq = Number(lastInsertRowid)
  if (wakes) appendToQueue(moment, { recipient: to, thread }, seq)
  const sender = { name, host, through, ...(model !== undefined && { model }) }
  // What was written is known, and reading it back costs more than writing it.
  return { ...rest, seq, from: sender, sentAt: at, status: 'waiting', tries: 0 }
}

export function selectMessageById(store: SqliteStore, id: string): MailboxMessage | undefined {
  return selectMail(store, 'id = ?', id)[0]
}

export function selectMail(
  store: SqliteStore,
  condition: string,
  ...values: (string | number)[]
): MailboxMessage[] {
  return store.rows(MessageRow, `SELECT ${columns} FROM mailMessages WHERE ${condition}`, ...values)
}

const Columns = z.object({
  id: z.string(),
  seq: z.number(),
  thread: z.string(),
  kind: z.enum(['direct', 'event', 'notice']),
  sender: z.string(),
  senderHost: z.string(),
  through: z.enum(['agent', 'terminal', 'http', 'mailbox']),
  model: z.string().nullable(),
  recipient: z.string(),
  body: z.string(),
  sentAt: z.number(),
  expectsReply: z.number(),
  replyTo: z.string().nullable(),
  topic: z.string().nullable(),
  severity: EventSeverity.nullable(),
  status: z.enum(['waiting', 'held', 'handled', 'dead']),
  tries: z.number(),
  failure: z.string().nullable(),
  repliedBy: z.string().nullable(),
})

/** The columns of a message in a query. With `*` a row takes half as long again. */
const columns = Object.keys(Columns.shape).join(', ')

const MessageRow = Columns.transform((row): MailboxMessage => {
  const { sender, senderHost, through, model, recipient, expectsReply, ...rest } = row
  const { replyTo, topic, severity, failure, repliedBy, ...always } = rest
  return {
    ...always,
    from: { name: sender, host: senderHost, through, ...(model !== null && { model }) },
    to: recipient,
    expectsReply: expectsReply === 1,
    ...(replyTo !== null && { replyTo }),
    ...(topic !== null && { topic }),
    ...(severity !== null && { severity }),
    ...(failure !== null && { failure }),
    ...(repliedBy !== null && { repliedBy }),
  }
})

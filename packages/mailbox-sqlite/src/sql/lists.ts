import { mailPageSizes } from '@subagent-mcp/contract'
import type { SqliteStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import type {
  MailboxMessage,
  MailPageLimit,
  MailPageAfter,
  MailPageBefore,
  MailboxThread,
  UntakenMailCount,
} from '@subagent-mcp/mailbox'
import { selectMail } from './messages.js'

// Each condition and its order match an index, so the cost of a page depends on its size alone. plans.test.ts checks this.

/** The unhandled messages of an agent, held or not, oldest first. */
export function selectInbox(
  store: SqliteStore,
  agent: string,
  { after = 0, limit = usual }: MailPageAfter = {},
): MailboxMessage[] {
  const waits = 'recipient = ? AND finished = 0 AND seq > ? ORDER BY seq LIMIT ?'
  return selectMail(store, waits, agent, after, limit)
}

/** The unhandled events of an agent that are below its `wakes`, oldest first. */
export function selectQuietEvents(
  store: SqliteStore,
  agent: string,
  { after = 0, limit = usual }: MailPageAfter = {},
): MailboxMessage[] {
  const quiet = 'recipient = ? AND finished = 0 AND wakes = 0 AND seq > ? ORDER BY seq LIMIT ?'
  return selectMail(store, quiet, agent, after, limit)
}

/** All messages, in the order of sending. */
export function selectSentMessages(
  store: SqliteStore,
  { after = 0, limit = usual }: MailPageAfter = {},
): MailboxMessage[] {
  return selectMail(store, 'seq > ? ORDER BY seq LIMIT ?', after, limit)
}

/** The newest messages of a thread, oldest first. */
export function selectThreadMessages(
  store: SqliteStore,
  thread: string,
  page: MailPageBefore = {},
): MailboxMessage[] {
  const { before = Number.MAX_SAFE_INTEGER, limit = usual } = page
  const newest = 'thread = ? AND seq < ? ORDER BY seq DESC LIMIT ?'
  return selectMail(store, newest, thread, before, limit).reverse()
}

/** The dead letters of one agent, or of all, newest first. */
export function selectDeadLetters(
  store: SqliteStore,
  { agent, limit = usual }: { agent?: string } & MailPageLimit,
): MailboxMessage[] {
  const newest = "status = 'dead' ORDER BY since DESC, seq DESC LIMIT ?"
  if (agent === undefined) return selectMail(store, newest, limit)
  return selectMail(store, `recipient = ? AND ${newest}`, agent, limit)
}

/** The threads of one agent, or of all, newest first. */
export function selectThreads(
  store: SqliteStore,
  { agent = '', limit = usual }: { agent?: string } & MailPageLimit,
): MailboxThread[] {
  const newest = 'SELECT thread FROM mailTalks WHERE agent = ? ORDER BY last DESC LIMIT ?'
  return store.rows(TalkRow, newest, agent, limit).flatMap(({ thread }) => threadOf(store, thread))
}

const TalkRow = z.object({ thread: z.string() })

function threadOf(store: SqliteStore, id: string): MailboxThread[] {
  const counts = "SELECT messages, waiting FROM mailTalks WHERE thread = ? AND agent = ''"
  const names = "SELECT agent FROM mailTalks WHERE thread = ? AND agent <> '' ORDER BY agent"
  const newest =
    'SELECT sentAt, substr(body, 1, 200) AS last FROM mailMessages WHERE thread = ? ORDER BY seq DESC LIMIT 1'
  const agents = store.rows(AgentRow, names, id).map(({ agent }) => agent)
  return store
    .rows(CountsRow, counts, id)
    .flatMap((counted) =>
      store
        .rows(NewestRow, newest, id)
        .map(({ sentAt, last }) => ({ id, agents, ...counted, lastAt: sentAt, last })),
    )
}

const CountsRow = z.object({ messages: z.number(), waiting: z.number() })
const AgentRow = z.object({ agent: z.string() })
const NewestRow = z.object({ sentAt: z.number(), last: z.string() })

/** The messages that could be taken now, for each agent that has some. */
export function countUntakenMail(store: SqliteStore): UntakenMailCount[] {
  const work = 'SELECT agent, work AS messages FROM mailTallies WHERE work > 0 ORDER BY agent'
  return store.rows(WorkRow, work).flatMap(({ agent, messages }) => {
    const last = lastFor(store, agent)
    const newest = last[0]?.id
    const from = [...new Set(last.map(({ sender }) => sender))].slice(0, mostSenders)
    return newest === undefined ? [] : [{ agent, messages, newest, from }]
  })
}

const WorkRow = z.object({ agent: z.string(), messages: z.number() })

/** The newest 32 takable messages of an agent, for their senders. The limit keeps this fast when thousands wait. */
function lastFor(store: SqliteStore, agent: string): z.infer<typeof SenderRow>[] {
  const last = `SELECT id, sender FROM mailMessages WHERE recipient = ? AND status = 'waiting' AND wakes = 1
    ORDER BY seq DESC LIMIT 32`
  return store.rows(SenderRow, last, agent)
}

const SenderRow = z.object({ id: z.string(), sender: z.string() })
const mostSenders = 3

const { default: usual } = mailPageSizes

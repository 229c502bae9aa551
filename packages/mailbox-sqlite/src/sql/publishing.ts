import { isSeverityAtLeast, EventSeverity } from '@subagent-mcp/contract'
import { z } from 'zod'
import {
  type MailCommand,
  type MailOutcome,
  createKeyReusedRefusal,
  topicMatchesEvent,
} from '@subagent-mcp/mailbox/backing'
import { insertMessage } from './messages.js'
import type { MailTransaction } from './mail-transaction.js'
import { recordMailAgentRowActivity } from './registering.js'
import { selectMessageByKey, storeMessageKey } from './sending.js'

type Publish = MailCommand<'publish'>

/** Sends an event: one message to each agent that subscribes to its topic, all in one new thread. */
export function applyPublishMailCommand(moment: MailTransaction, command: Publish): MailOutcome {
  const { id, from, topic, severity, body, key } = command
  const content = [topic, severity, body]
  const earlier = selectMessageByKey(moment, { id, from, key, content })
  if (earlier?.isOther === true) return createKeyReusedRefusal(from, key)
  const to = recipients(moment, earlier?.id ?? id)
  if (earlier !== undefined || to.length > 0) {
    const published = { id: earlier?.id ?? id, to, repeated: earlier !== undefined && earlier.id !== id }
    return { type: 'published', published, changed: [] }
  }
  recordMailAgentRowActivity(moment, from.name)
  storeMessageKey(moment, { id, from, key, content })
  const subscribers = subscribersTo(moment, command).filter(({ name }) => name !== from.name)
  const event = { thread: id, kind: 'event', from, topic, severity, body, expectsReply: false } as const
  for (const { name, wakes } of subscribers) {
    insertMessage(moment, {
      ...event,
      id: `${id}:${name}`,
      to: name,
      wakes: isSeverityAtLeast(severity, wakes),
    })
  }
  const names = subscribers.map(({ name }) => name)
  return { type: 'published', published: { id, to: names, repeated: false }, changed: names }
}

function recipients({ store }: MailTransaction, id: string): string[] {
  const to = "SELECT recipient FROM mailMessages WHERE thread = ? AND kind = 'event' ORDER BY seq"
  return store.rows(RecipientRow, to, id).map(({ recipient }) => recipient)
}

const RecipientRow = z.object({ recipient: z.string() })

function subscribersTo({ store }: MailTransaction, event: Publish): z.infer<typeof Subscriber>[] {
  const all = "SELECT name, project, topics, wakes FROM mailAgents WHERE topics <> '[]' ORDER BY name"
  return store
    .rows(Subscriber, all)
    .filter(({ project, topics }) => topics.some((pattern) => topicMatchesEvent(pattern, event, project)))
}

const TextList = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)))
const Subscriber = z.object({ name: z.string(), project: z.string(), topics: TextList, wakes: EventSeverity })

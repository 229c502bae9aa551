import { EventSeverity } from '@subagent-mcp/contract'
import { z } from 'zod'

/**
 * The format of messages. A newer version that writes messages which this one could not read raises it. A machine leaves a
 * message of a newer format to newer machines.
 */
export const messageFormatNumber = 1

const Sender = z.looseObject({
  name: z.string(),
  host: z.string(),
  through: z.enum(['agent', 'terminal', 'http', 'mailbox']),
  model: z.string().exactOptional(),
})

/** A message as it is in the archive. `write` is the id of the write, by which a repeated write is recognized. */
export const MessageRecord = z.looseObject({
  v: z.literal(messageFormatNumber),
  write: z.string(),
  id: z.string(),
  thread: z.string(),
  kind: z.enum(['direct', 'event', 'notice']),
  from: Sender,
  to: z.string(),
  body: z.string(),
  sentAt: z.number(),
  expectsReply: z.boolean(),
  replyTo: z.string().exactOptional(),
  topic: z.string().exactOptional(),
  severity: EventSeverity.exactOptional(),
})
export type MessageRecord = z.infer<typeof MessageRecord>

const Held = z.looseObject({ id: z.string(), seq: z.number() })

/** A message that is handled or dead. The first machine that reads the record carries out the effects. */
const EndedMessage = z.looseObject({
  id: z.string(),
  seq: z.number(),
  /** The failure of a dead letter; a handled message has none. */
  failure: z.string().exactOptional(),
  tries: z.number(),
  /** How often the message has become a dead letter, with this time. */
  deaths: z.number(),
})
export type EndedMessage = z.infer<typeof EndedMessage>

const FailedTry = z.looseObject({ tries: z.number(), failure: z.string(), dueAt: z.number() })
export type FailedTry = z.infer<typeof FailedTry>

/** The lease and the failed tries of the messages of one thread to one agent. A queue without any has no record. */
export const QueueRecord = z.looseObject({
  v: z.literal(1),
  write: z.string(),
  agent: z.string(),
  thread: z.string(),
  lease: z
    .looseObject({
      take: z.string(),
      instance: z.string(),
      until: z.number(),
      mail: z.array(Held),
    })
    .exactOptional(),
  tries: z.record(z.string(), FailedTry),
  ending: z.array(EndedMessage),
  /** Dead letters that were returned to the queue. The servers' copy of the archive does not have them any more. */
  revived: z.array(z.looseObject({ id: z.string(), seq: z.number(), deaths: z.number() })),
  /** Whether consumers have been told to forget messages that came meanwhile, so that the queue must be offered again. */
  more: z.boolean(),
})
export type QueueRecord = z.infer<typeof QueueRecord>

export const AgentRecord = z.looseObject({
  v: z.literal(1),
  write: z.string(),
  name: z.string(),
  project: z.string(),
  provider: z.string().exactOptional(),
  capabilities: z.array(z.string()),
  topics: z.array(z.string()),
  wakes: EventSeverity,
  lastSeenAt: z.number(),
  handlers: z.array(
    z.looseObject({
      instance: z.string(),
      kind: z.enum(['worker', 'session']),
      pid: z.number(),
      startTime: z.string(),
      host: z.string(),
      keeper: z.string(),
    }),
  ),
})
export type AgentRecord = z.infer<typeof AgentRecord>

export const DeadLetterRecord = z.looseObject({
  v: z.literal(1),
  id: z.string(),
  seq: z.number(),
  agent: z.string(),
  thread: z.string(),
  failure: z.string(),
  tries: z.number(),
  deaths: z.number(),
})
export type DeadLetterRecord = z.infer<typeof DeadLetterRecord>

/** The messages that a sender sent with a key: subjects and texts, which are sent again if the first try was interrupted. */
export const MessageKeyRecord = z.looseObject({
  v: z.literal(1),
  digest: z.string(),
  id: z.string(),
  to: z.array(z.string()),
  record: MessageRecord,
  copies: z.array(z.looseObject({ subject: z.string(), id: z.string(), to: z.string() })),
})
export type MessageKeyRecord = z.infer<typeof MessageKeyRecord>

export const ReplyModelRecord = z.looseObject({ v: z.literal(1), model: z.string() })

/** Encodes a record as it is stored. */
export function encodeRecord(record: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record))
}

/** Decodes a stored record; `undefined` for one of another format, or of another program. */
export function decodeRecord<Record>(schema: z.ZodType<Record>, data: Uint8Array): Record | undefined {
  return schema.safeParse(parseJson(data)).data
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data))
  } catch {
    return undefined // no JSON is no record
  }
}

const decoder = new TextDecoder()

import { EventSeverity } from '@subagent-mcp/contract'
import { z } from 'zod'

const Sender = z.looseObject({
  name: z.string(),
  host: z.string(),
  through: z.enum(['agent', 'terminal', 'http', 'mailbox']),
  model: z.string().exactOptional(),
})
const Handler = z.looseObject({
  instance: z.string(),
  kind: z.enum(['worker', 'session']),
  pid: z.number(),
  startTime: z.string(),
  host: z.string(),
})
const Tries = z.looseObject({ maxTries: z.number(), backoffMs: z.number(), longestBackoffMs: z.number() })

/**
 * A change of a mailbox, as data. A command and its time alone decide its effect, so machines that apply the same commands
 * in the same order have the same mailbox. Therefore new ids and the handlers that are gone are part of the command.
 * Unknown keys pass, because another machine may run a newer version.
 */
export const Command = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('register'),
    name: z.string(),
    project: z.string(),
    provider: z.string().exactOptional(),
    capabilities: z.array(z.string()),
    topics: z.array(z.string()),
    wakes: EventSeverity,
    handler: Handler,
    /** The id of the open mailbox through which the handler registered. When that mailbox is gone, so is the handler. */
    keeper: z.string(),
  }),
  /** Removes handlers that are gone. */
  z.looseObject({ type: z.literal('leave'), instances: z.array(z.string()), maxTries: z.number() }),
  z.looseObject({
    type: z.literal('send'),
    id: z.string(),
    from: Sender,
    to: z.string(),
    body: z.string(),
    thread: z.string(),
    key: z.string().exactOptional(),
    expectsReply: z.boolean(),
  }),
  z.looseObject({
    type: z.literal('reply'),
    id: z.string(),
    from: Sender,
    message: z.string(),
    body: z.string(),
  }),
  z.looseObject({
    type: z.literal('publish'),
    id: z.string(),
    from: Sender,
    topic: z.string(),
    project: z.string().exactOptional(),
    severity: EventSeverity,
    body: z.string(),
    key: z.string().exactOptional(),
  }),
  z.looseObject({
    type: z.literal('take'),
    take: z.string(),
    agent: z.string(),
    instance: z.string(),
    leaseMs: z.number(),
    limit: z.number(),
    thread: z.string().nullable(),
    tries: Tries,
  }),
  z.looseObject({ type: z.literal('renew'), take: z.string(), leaseMs: z.number() }),
  z.looseObject({ type: z.literal('acknowledge'), take: z.string(), ids: z.array(z.string()).nullable() }),
  z.looseObject({
    type: z.literal('release'),
    take: z.string(),
    ids: z.array(z.string()).nullable(),
    failure: z.string().nullable(),
    tries: Tries,
  }),
  z.looseObject({
    type: z.literal('read'),
    agent: z.string(),
    ids: z.array(z.string()).nullable(),
    limit: z.number(),
  }),
  z.looseObject({ type: z.literal('revive'), id: z.string() }),
  z.looseObject({ type: z.literal('tidy'), keepMs: z.number() }),
])
export type Command = z.infer<typeof Command>

export type MailCommand<Type extends Command['type']> = Extract<Command, { type: Type }>

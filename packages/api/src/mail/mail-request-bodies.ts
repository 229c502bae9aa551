import { mailPageSizes, EventSeverity } from '@subagent-mcp/contract'
import { z } from 'zod'
import { readonlyListSchema } from '../response-schemas.js'

/** The longest wait of one request for the next message, in milliseconds; a client that waits longer repeats the request. */
export const longestMailWaitMs = 600_000
/** The longest lease of taken messages, in milliseconds: a day. */
const longestLease = 86_400_000

const Lease = z.number().int().positive().max(longestLease).describe('in milliseconds')
const Ids = readonlyListSchema(z.string()).describe('default: all of the take').exactOptional()
const Agent = z.string().min(1)
const Limit = z.number().int().min(1).max(1_000).exactOptional()
const Key = z.string().min(1).describe('chosen by the sender: a repeated key sends nothing').exactOptional()

/** The sender in a mail request, as it names itself; the daemon checks what it can. */
const From = z.strictObject({
  name: z.string().min(1),
  through: z
    .enum(['agent', 'terminal', 'http'])
    .describe('default: http; terminal needs pid and environment, agent a process of an agent')
    .exactOptional(),
  host: z.string().describe('ignored: always this machine').exactOptional(),
})

const sender = {
  from: From,
  environment: z.record(z.string(), z.string()).describe("the sender's; never stored").exactOptional(),
  pid: z.number().int().positive().describe('of the sending process').exactOptional(),
}

/** The body of `POST /v1/mail/messages`. */
export const SendMailBody = z.strictObject({
  ...sender,
  to: Agent,
  body: z.string(),
  thread: z.string().min(1).describe('default: a new one').exactOptional(),
  key: Key,
  expectsReply: z.boolean().describe('default: true').exactOptional(),
})
export type SendMailBody = z.infer<typeof SendMailBody>

/** The body of `POST /v1/mail/messages/{id}/reply`. */
export const ReplyToMessageBody = z.strictObject({ ...sender, body: z.string() })

/** The body of `POST /v1/mail/events`. */
export const PublishEventBody = z.strictObject({
  ...sender,
  topic: z.string().min(1),
  project: z
    .string()
    .min(1)
    .describe('that it is about, as agents name theirs; default: all')
    .exactOptional(),
  severity: EventSeverity,
  body: z.string(),
  key: Key,
})

/** The body of `POST /v1/mail/next`. */
export const TakeMessagesBody = z.strictObject({
  agent: Agent,
  instance: z.string().min(1).describe('the taker: what it held before is released first'),
  leaseMs: Lease,
  waitMs: z.number().min(0).max(longestMailWaitMs).describe('how long to wait; 0 only looks'),
  thread: z.string().min(1).exactOptional(),
  limit: Limit,
})

/** The body of `POST /v1/mail/takes/{id}/renew`. */
export const RenewLeaseBody = z.strictObject({ leaseMs: Lease })
/** The body of `POST /v1/mail/takes/{id}/acknowledge`. */
export const AcknowledgeMessagesBody = z.strictObject({ ids: Ids })
/** The body of `POST /v1/mail/takes/{id}/release`. */
export const ReleaseMessagesBody = z.strictObject({
  ids: Ids,
  failure: z.string().describe('the reason; without one the try does not count').exactOptional(),
})

/** The body of `POST /v1/mail/read`. */
export const MarkMessagesReadBody = z.strictObject({
  agent: Agent,
  ids: Ids,
  limit: Limit,
})

const PageSize = z.coerce
  .number()
  .int()
  .min(1)
  .max(mailPageSizes.longest)
  .describe(`default: ${mailPageSizes.default}`)
  .exactOptional()
const Seq = z.coerce.number().int().min(0)

/** The query of `GET /v1/mail/inbox`: the unread messages of one agent. */
export const MailInboxQuery = z.strictObject({
  agent: Agent,
  after: Seq.describe('only messages after this seq').exactOptional(),
  limit: PageSize,
})

/** The query for the messages of one mailbox thread. */
export const MailThreadQuery = z.strictObject({
  before: Seq.describe('only messages before this seq').exactOptional(),
  limit: PageSize,
})

/** The query for lists of threads or dead letters. */
export const MailListQuery = z.strictObject({
  agent: Agent.describe('only those of this agent').exactOptional(),
  limit: PageSize,
})

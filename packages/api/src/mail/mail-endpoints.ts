import { z } from 'zod'
import { httpGetDefaults, httpPostDefaults, type Endpoint } from '../endpoint.js'
import {
  AcknowledgeMessagesBody,
  PublishEventBody,
  MailInboxQuery,
  MailListQuery,
  TakeMessagesBody,
  MarkMessagesReadBody,
  ReleaseMessagesBody,
  RenewLeaseBody,
  ReplyToMessageBody,
  SendMailBody,
  MailThreadQuery,
} from './mail-request-bodies.js'
import {
  MailBatchSchema,
  PublishEventAnswer,
  MailAgentSchema,
  SendMailAnswer,
  MailMessageSchema,
  MailThreadSchema,
} from './mail-schema.js'

const params = z.strictObject({ id: z.string() })
const messages = z.array(MailMessageSchema)
const total = z.number().describe('how many there are, on all pages')
const MessagePage = z.looseObject({ messages, total })

export const mailEndpoints = {
  mailAgents: {
    ...httpGetDefaults,
    path: '/v1/mail/agents',
    summary: 'Agents that are registered in the mailbox, by name',
    answer: z.looseObject({ agents: z.array(MailAgentSchema) }),
  },
  sendMail: {
    ...httpPostDefaults,
    path: '/v1/mail/messages',
    summary: 'Send an agent a message',
    body: SendMailBody,
    answer: SendMailAnswer,
  },
  replyToMail: {
    ...httpPostDefaults,
    path: '/v1/mail/messages/{id}/reply',
    summary: 'Reply to a message; a second request returns the first reply',
    params,
    body: ReplyToMessageBody,
    answer: SendMailAnswer,
  },
  publishEvent: {
    ...httpPostDefaults,
    path: '/v1/mail/events',
    summary: 'Send an event to all agents that subscribe to its topic',
    body: PublishEventBody,
    answer: PublishEventAnswer,
  },
  nextMail: {
    ...httpPostDefaults,
    path: '/v1/mail/next',
    summary: 'Wait for messages for an agent, and take them; closing the request releases them',
    body: TakeMessagesBody,
    answer: z.looseObject({ batch: MailBatchSchema.exactOptional() }),
  },
  renewTake: {
    ...httpPostDefaults,
    path: '/v1/mail/takes/{id}/renew',
    summary: 'Extend the lease of taken messages',
    params,
    body: RenewLeaseBody,
    answer: z.looseObject({ held: z.boolean().describe('false: another has them, or the take has ended') }),
  },
  acknowledgeTake: {
    ...httpPostDefaults,
    path: '/v1/mail/takes/{id}/acknowledge',
    summary: 'Mark taken messages as handled; answers with their ids',
    params,
    body: AcknowledgeMessagesBody,
    answer: z.looseObject({ ids: z.array(z.string()) }),
  },
  releaseTake: {
    ...httpPostDefaults,
    path: '/v1/mail/takes/{id}/release',
    summary: 'Release taken messages',
    params,
    body: ReleaseMessagesBody,
    answer: z.looseObject({}),
  },
  readMail: {
    ...httpPostDefaults,
    path: '/v1/mail/read',
    summary: 'Take and acknowledge in one request',
    body: MarkMessagesReadBody,
    answer: z.looseObject({ messages }),
  },
  mailInbox: {
    ...httpGetDefaults,
    path: '/v1/mail/inbox',
    summary: 'Unread messages of an agent, oldest first; changes nothing',
    query: MailInboxQuery,
    answer: MessagePage,
  },
  mailThreads: {
    ...httpGetDefaults,
    path: '/v1/mail/threads',
    summary: 'Threads, the newest first',
    query: MailListQuery,
    answer: z.looseObject({ threads: z.array(MailThreadSchema), total }),
  },
  mailThread: {
    ...httpGetDefaults,
    path: '/v1/mail/threads/{id}',
    summary: 'The newest messages of a thread, oldest first',
    params,
    query: MailThreadQuery,
    answer: MessagePage,
  },
  deadLetters: {
    ...httpGetDefaults,
    path: '/v1/mail/dead',
    summary: 'Dead letters, the newest first',
    query: MailListQuery,
    answer: MessagePage,
  },
  reviveLetter: {
    ...httpPostDefaults,
    path: '/v1/mail/dead/{id}/revive',
    summary: 'Deliver a dead letter to its agent again',
    params,
    answer: z.looseObject({ message: MailMessageSchema }),
  },
} as const satisfies Record<string, Endpoint>

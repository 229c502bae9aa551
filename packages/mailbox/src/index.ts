export { createPendingMailCalls, type PendingMailCalls } from './calls-under-way.js'
export { joinAbortSignals } from './join-signals.js'
export {
  defaultMailboxLimits,
  type MessageBatch,
  type MailPublishOptions,
  type MailHandler,
  type MailAgent,
  type Mailbox,
  type MailboxHealth,
  type MailboxLimits,
  type MailList,
  type Message,
  type NextMailOptions,
  type PageAfter,
  type PageBefore,
  type PageLimit,
  type PublishedEvent,
  type MarkReadOptions,
  type Registration,
  type MailReleaseOptions,
  type MailReplyOptions,
  type Sender,
  type MailSendOptions,
  type SentMessage,
  type Thread,
  type UntakenMailCount,
} from './mailbox.js'
export {
  escapeInvisible,
  renderMessage,
  formatMessageText,
  summarizeMessage,
  untrustedMessagesNotice,
} from './render-message.js'
export { openMemoryMailbox, type MemoryMailboxOptions } from './open-memory-mailbox.js'
export { ownProjectTopicPattern } from './topics.js'

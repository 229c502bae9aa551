export { createPendingMailCalls, type PendingMailCalls } from './calls-under-way.js'
export { joinAbortSignals } from './join-signals.js'
export {
  defaultRules,
  type MessageBatch,
  type MailPublishOptions,
  type Handler,
  type KnownAgent,
  type Mailbox,
  type MailboxHealth,
  type MailboxRules,
  type MailList,
  type Message,
  type NextMailOptions,
  type PublishedEvent,
  type ReadOptions,
  type Registration,
  type MailReleaseOptions,
  type MailReplyOptions,
  type Sender,
  type MailSendOptions,
  type SentMessage,
  type Thread,
} from './mailbox.js'
export {
  escapeInvisible,
  renderMessage,
  shownText,
  summarizeMessage,
  messagesAreDataNotice,
} from './render-message.js'
export { createMailbox } from './create-mailbox.js'
export { type MailboxBacking, type MailboxParts } from './open-mailbox.js'
export type { MailState } from './mail-state.js'
export { openMemoryMailbox, type MemoryMailboxOptions } from './open-memory-mailbox.js'
export { ownProjectTopic } from './topics.js'

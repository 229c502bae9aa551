export { createCallsUnderWay, type CallsUnderWay } from './calls-under-way.js'
export { joinSignals } from './join-signals.js'
export {
  defaultRules,
  type Batch,
  type PublishOptions,
  type Handler,
  type KnownAgent,
  type Mailbox,
  type MailboxHealth,
  type MailboxRules,
  type MailList,
  type Message,
  type NextOptions,
  type Published,
  type ReadOptions,
  type Registration,
  type ReleaseOptions,
  type MessageReply,
  type Sender,
  type SendOptions,
  type Sent,
  type Thread,
} from './mailbox.js'
export { renderMessage, shownText, summarizeMessage, messagesAreDataNotice } from './render-message.js'
export { createMailbox } from './create-mailbox.js'
export { type MailboxBacking, type MailboxParts } from './open-mailbox.js'
export type { MailState } from './mail-state.js'
export { openMemoryMailbox, type MemoryMailboxOptions } from './open-memory-mailbox.js'
export { ownEvents } from './topics.js'

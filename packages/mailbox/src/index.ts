export { createCallsUnderWay, type CallsUnderWay } from './calls-under-way.js'
export { joinSignals } from './join-signals.js'
export {
  usualRules,
  type Batch,
  type EventOrder,
  type Handler,
  type KnownAgent,
  type Mailbox,
  type MailboxHealth,
  type MailboxRules,
  type MailList,
  type Message,
  type NextOrder,
  type Published,
  type ReadOrder,
  type Registration,
  type ReleaseOrder,
  type ReplyOrder,
  type Sender,
  type SendOrder,
  type Sent,
  type Thread,
} from './mailbox.js'
export { renderMessage, summarizeMessage, textsAreData } from './render-message.js'
export { createMailbox, type MailboxBacking, type MailboxParts } from './create-mailbox.js'
export type { MailState } from './mail-state.js'
export { openMemoryMailbox, type MemoryMailboxOptions } from './open-memory-mailbox.js'
export { ownEvents } from './topics.js'

export { createPendingMailCalls, type PendingMailCalls } from './pending-mail-calls.js'
export { joinAbortSignals } from './join-abort-signals.js'
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
  type MailboxMessage,
  type NextMailOptions,
  type MailPageAfter,
  type MailPageBefore,
  type MailPageLimit,
  type PublishedEvent,
  type MarkReadOptions,
  type MailRegistration,
  type MailReleaseOptions,
  type MailReplyOptions,
  type MessageSender,
  type MailSendOptions,
  type SentMessage,
  type MailboxThread,
  type UntakenMailCount,
} from './mailbox.js'
export {
  escapeInvisibleCharacters,
  renderMessageForModel,
  formatMessageText,
  summarizeMessage,
  untrustedMessagesNotice,
} from './render-message-for-model.js'
export { openMemoryMailbox, type MemoryMailboxOptions } from './open-memory-mailbox.js'
export { ownProjectTopicPattern } from './topics.js'

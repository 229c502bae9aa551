// For packages that implement a mailbox.
export { type Command, type MailCommand } from './command.js'
export { createMailbox } from './create-mailbox.js'
export { maxClockDriftMs, type MailReads, type MailState } from './mail-state.js'
export { createMailListeners } from './mail-listeners.js'
export { createMemoryMailState } from './memory/memory-state.js'
export { createMailId } from './new-mail-id.js'
export { type MailboxStorage, type NextMailCall } from './open-mailbox.js'
export { type MailOutcome } from './outcome.js'
export {
  hashMessageContent,
  formatDeadLetterNotice,
  createKeyReusedRefusal,
  createNameTakenRefusal,
  createRefusedOutcome,
  findReplyRefusal,
  createUnknownRecipientRefusal,
} from './refusals.js'
export { waitForWorkBeforeClose } from './settle-before-close.js'
export { waitForNextMail } from './take-next.js'
export { topicMatchesEvent } from './topics.js'

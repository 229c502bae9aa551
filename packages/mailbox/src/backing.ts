// For packages that implement a mailbox.
export { type MailboxCommand, type MailCommand } from './mailbox-command.js'
export { createMailbox } from './create-mailbox.js'
export { maxClockDriftMs, type MailReader, type MailState, type TakeableMailQuery } from './mail-state.js'
export { createMailListeners, type MailListeners, type MailWaiter } from './mail-listeners.js'
export { createMemoryMailState } from './memory/memory-state.js'
export { createMailId } from './create-mail-id.js'
export { type MailboxStorage, type NextMailCall } from './mailbox-storage.js'
export { type MailOutcome } from './mail-outcome.js'
export {
  hashMessageContent,
  formatDeadLetterNotice,
  createKeyReusedRefusal,
  createNameTakenRefusal,
  createRefusedMailOutcome,
  findReplyRefusal,
  createUnknownRecipientRefusal,
} from './refusals.js'
export { waitForWorkBeforeClosing } from './wait-for-work-before-closing.js'
export { waitForNextMail } from './wait-for-next-mail.js'
export { topicMatchesEvent } from './topics.js'

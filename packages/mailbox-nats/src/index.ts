export { openNatsMailbox, type NatsMailboxOptions } from './open-nats-mailbox.js'

// A module of its own, so that the NATS client is loaded only for mailboxes on NATS.
export { openNatsMailbox } from '@subagent-mcp/mailbox-nats'

// By itself, so that the client of NATS is loaded by those alone who have a server of it.
export { openNatsMailbox } from '@subagent-mcp/mailbox/nats'

import type { MailboxMessage } from '@subagent-mcp/mailbox'

/** A stored message to `docs`, for the tables of tests. */
export function messageOf(fields: Partial<MailboxMessage> = {}): MailboxMessage {
  const seq = fields.seq ?? 1
  return {
    id: `m${String(seq)}`,
    seq,
    thread: 't1',
    kind: 'direct',
    from: { name: 'ann', host: 'box', through: 'agent' },
    to: 'docs',
    body: 'hello',
    sentAt: 0,
    expectsReply: true,
    status: 'held',
    tries: 0,
    ...fields,
  }
}

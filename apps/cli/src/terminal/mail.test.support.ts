import type { MailboxMessage } from '@subagent-mcp/mailbox'

/** The current time (Unix ms) in tests of messages. */
export const now = new Date(2026, 10, 21, 12).getTime()

/** Returns a message that has waited for a minute, with `parts` in place of its own. */
export function makeMessage(parts: Partial<MailboxMessage> = {}): MailboxMessage {
  return {
    id: 'm1',
    seq: 1,
    thread: 't1',
    kind: 'direct',
    from: { name: 'ann', host: 'box', through: 'terminal' },
    to: 'app',
    body: 'does it build?',
    sentAt: now - 60_000,
    expectsReply: true,
    status: 'waiting',
    tries: 0,
    ...parts,
  }
}

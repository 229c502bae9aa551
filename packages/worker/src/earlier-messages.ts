import { renderMessageForModel, type MailboxMessage } from '@subagent-mcp/mailbox'

/** Earlier messages of a thread, oldest first. */
export type EarlierThreadMessages = readonly MailboxMessage[]

/** The part of a prompt with the last earlier messages, each shortened; empty without any. */
export function formatEarlierMessages(earlier: EarlierThreadMessages, now: number): string[] {
  if (earlier.length === 0) return []
  const last = earlier
    .slice(-mostMessages)
    .map((message) => renderMessageForModel(message, { ...style, now }))
  const extent = last.length < earlier.length ? ` (the last ${String(last.length)} messages)` : ''
  return [[`Said before in this thread${extent}, for you to know:`, ...last].join('\n\n')]
}

const mostMessages = 12
const style = { limit: 2_000, whole: () => 'the rest is in the thread' }

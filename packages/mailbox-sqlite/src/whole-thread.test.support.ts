import { mailPageSizes } from '@subagent-mcp/contract'
import type { Mailbox, MailboxMessage } from '@subagent-mcp/mailbox'

/** All messages of a thread, page by page, oldest first. */
export async function wholeThread(
  mailbox: Pick<Mailbox, 'thread'>,
  id: string,
): Promise<readonly MailboxMessage[]> {
  let messages: readonly MailboxMessage[] = []
  for (;;) {
    const before = messages[0]?.seq
    const limit = mailPageSizes.longest
    const page = await mailbox.thread(id, { limit, ...(before !== undefined && { before }) })
    if (page.length === 0) return messages
    messages = [...page, ...messages]
  }
}

import type { MailList } from '@subagent-mcp/client'
import { pageSizes } from '@subagent-mcp/contract'
import { text, wholeNumber } from '../../command/values.js'
import type { Desk } from '../../terminal/at-terminal.js'

/** How many entries a list has. */
export const limitFlag = wholeNumber(
  { most: pageSizes.longest },
  `List at most this many (default: ${pageSizes.default})`,
).exactOptional()

/** The optional name of an agent that has a mailbox. */
export function mailNameWord(description: string) {
  return text('agent', description).exactOptional()
}

/** What was listed, and how much of it is shown at most; as many as usual unless given. */
export type ChatPage = { list: MailList; shown: number; limit?: number; what?: 'more' | 'earlier' }

/** How much there is besides what is shown, and how to see it; nothing where that is all. */
export async function restText(page: ChatPage, { client, terminal }: Desk): Promise<string> {
  const { list, shown, limit = pageSizes.default, what = 'more' } = page
  if (shown < limit) return ''
  const total = await client.mail.count(list)
  if (total <= shown) return ''
  const longer = shown < pageSizes.longest ? `: --limit ${Math.min(total, pageSizes.longest)}` : ''
  return `${terminal.stderr.paint('yellow', `${total - shown} ${what}${longer}`)}\n`
}

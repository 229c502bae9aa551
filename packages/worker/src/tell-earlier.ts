import { renderMessage, type Message } from '@subagent-mcp/mailbox'

/** What was said in a thread before, oldest first. */
export type Earlier = readonly Message[]

/** A passage for each thread of which something is to be told: its last messages, cut, within a limit for all of them. */
export function tellEarlier(earlier: readonly Earlier[], now: number): string[] {
  const told = earlier.filter((messages) => messages.length > 0)
  return told.map((messages) => {
    const last = newest(messages, { now, longest: longestOfAll / told.length })
    const extent = last.length < messages.length ? ` (the last ${String(last.length)} messages)` : ''
    return [`Said before in this thread${extent}, for you to know:`, ...last].join('\n\n')
  })
}

function newest(messages: readonly Message[], { now, longest }: { now: number; longest: number }): string[] {
  const last: string[] = []
  let length = 0
  for (const message of messages.slice(-mostMessages).reverse()) {
    const passage = renderMessage(message, {
      now,
      limit: longestText,
      whole: () => 'the rest is in the thread',
    })
    length += passage.length
    if (length > longest && last.length > 0) break
    last.unshift(passage)
  }
  return last
}

const mostMessages = 12
const longestText = 2_000
const longestOfAll = 40_000

import type { Message } from '@subagent-mcp/mailbox'

/**
 * How much of what was taken goes into one turn, from its beginning: not more than a prompt should hold, and a message
 * that failed before alone, so that it cannot take its neighbours with it.
 */
export function choosePortion(messages: readonly Message[]): readonly Message[] {
  const [first] = messages
  if (first === undefined || first.tries > 0) return messages.slice(0, 1)
  let bytes = 0
  const end = messages.findIndex((message, index) => {
    bytes += Buffer.byteLength(message.body)
    return index > 0 && (message.tries > 0 || bytes > portionBytes)
  })
  return end === -1 ? messages : messages.slice(0, end)
}

const portionBytes = 128 * 1024

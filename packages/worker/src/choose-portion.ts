import type { Message } from '@subagent-mcp/mailbox'

/**
 * The messages of a batch that go into one turn: the oldest, and those of its sender that follow it in its thread, up to
 * what a prompt should hold. So the turn's final words have one addressee, and another replica can take every other
 * thread. A message that failed before is alone in its turn, so that it cannot take its neighbours with it.
 */
export function choosePortion(messages: readonly Message[]): readonly Message[] {
  const [first] = messages
  if (first === undefined || first.tries > 0) return messages.slice(0, 1)
  const thread = messages.filter((message) => message.thread === first.thread)
  let bytes = 0
  const end = thread.findIndex((message, index) => {
    bytes += Buffer.byteLength(message.body)
    return index > 0 && (message.from.name !== first.from.name || message.tries > 0 || bytes > portionBytes)
  })
  return end === -1 ? thread : thread.slice(0, end)
}

const portionBytes = 128 * 1024

import type { Batch } from '@subagent-mcp/mailbox'
import type { Desk } from './command-context.js'

/** Prints messages that were taken, and acknowledges them then; false where nobody reads them: they go back. */
export async function handOver(
  { take }: Pick<Batch, 'take'>,
  print: () => Promise<void>,
  { client, terminal }: Desk,
): Promise<boolean> {
  const left = new AbortController()
  const unlisten = terminal.onUnread(() => {
    left.abort()
  })
  try {
    await print()
    if (left.signal.aborted) await client.mail.release(take)
    else await client.mail.acknowledge(take)
    return !left.signal.aborted
  } finally {
    unlisten()
  }
}

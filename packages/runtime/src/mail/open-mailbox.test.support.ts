import { openMemoryMailbox, type Mailbox } from '@subagent-mcp/mailbox'
import { createManualClock, type ManualClock } from '@subagent-mcp/testkit'
import { onTestFinished } from 'vitest'

/** Opens a mailbox in memory, with a clock that the test controls. It is closed after its test. */
export function openTestMailbox(): { mailbox: Mailbox; clock: ManualClock } {
  const clock = createManualClock()
  const mailbox = openMemoryMailbox({ clock })
  onTestFinished(() => mailbox.close())
  return { mailbox, clock }
}

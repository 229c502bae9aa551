import { openSqliteMailbox, type Mailbox } from '@subagent-mcp/mailbox'
import { createHandClock, type HandClock } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A real mailbox in a folder of its own, by a clock that the test moves. It ends with its test. */
export function openTestMailbox(): { mailbox: Mailbox; clock: HandClock; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const path = join(folder, 'mail.db')
  const clock = createHandClock()
  const mailbox = openSqliteMailbox({ path, clock, isAlive: () => true })
  onTestFinished(async () => {
    await mailbox.close()
    rmSync(folder, { recursive: true })
  })
  return { mailbox, clock, path }
}

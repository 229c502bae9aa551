import { SubagentError } from '@subagent-mcp/contract'

/** Logs an error of the mailbox. Messages that could not be acknowledged or released are delivered again later, as after a crash. */
export async function logMailboxFailure(done: Promise<unknown>, log: (line: string) => void): Promise<void> {
  try {
    await done
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`mailbox: ${error.message}`)
  }
}

import { SubagentError } from '@subagent-mcp/contract'

/** Logs an error of the mailbox: what could not be settled is given to the next who asks, as after a crash. */
export async function logFailure(done: Promise<unknown>, log: (line: string) => void): Promise<void> {
  try {
    await done
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    log(`mailbox: ${error.message}`)
  }
}

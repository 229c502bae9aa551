import type { DaemonClient } from '@subagent-mcp/client'
import { reachDaemon } from '../daemon/reach-daemon.js'
import type { Terminal } from './terminal.js'
import { withTerminal } from './with-terminal.js'

/** What a command works with: the daemon, and the terminal. */
export type Desk = { client: DaemonClient; terminal: Terminal }

/** Runs a command that needs the daemon, which is started if none answers, and ends the process as it says. */
export function atTerminal(command: (desk: Desk) => Promise<number>): Promise<never> {
  return withTerminal(async (terminal) => {
    const client = await reachDaemon(terminal.environment)
    return command({ client, terminal })
  })
}

import type { DaemonClient } from '@subagent-mcp/daemon'
import { exitCode, exitWith } from '../exit.js'
import { reachDaemon } from '../reach-daemon.js'
import { openTerminal } from './open-terminal.js'
import type { Terminal } from './terminal.js'

/** What a command works with: the daemon, and the terminal. */
export type Desk = { client: DaemonClient; terminal: Terminal }

/**
 * Runs a command at the terminal of this process, and ends the process with the code that it returns; as done once
 * nobody reads its output any more: what `head` has read was enough.
 */
export async function atTerminal(command: (desk: Desk) => Promise<number>): Promise<never> {
  const { terminal, unread } = openTerminal()
  const client = await reachDaemon(terminal.environment)
  exitWith(await Promise.race([command({ client, terminal }), unread.then(() => exitCode.done)]))
}

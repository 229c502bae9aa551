import { exitCode, exitWith } from '../exit.js'
import { openTerminal } from './open-terminal.js'
import type { Terminal } from './terminal.js'

/**
 * Runs a command at the terminal of this process, and ends the process with the code that it returns; as done once
 * nobody reads its output any more: what `head` has read was enough.
 */
export async function withTerminal(command: (terminal: Terminal) => Promise<number>): Promise<never> {
  const { terminal, unread } = openTerminal()
  exitWith(await Promise.race([command(terminal), unread.then(() => exitCode.done)]))
}

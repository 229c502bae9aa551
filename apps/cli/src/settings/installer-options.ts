import { thisMachine, type UninstallOptions } from '@subagent-mcp/installer'
import type { Terminal } from '../terminal/terminal.js'
import { stateFolderOf } from './state-folder.js'

/** The options that all functions of the installer share, from the environment of a terminal. */
export function installerOptions(
  terminal: Pick<Terminal, 'environment' | 'home' | 'cwd' | 'now'>,
): Omit<UninstallOptions, 'project'> {
  const { environment, now } = terminal
  return { machine: thisMachine(terminal), stateFolder: stateFolderOf(environment), now }
}

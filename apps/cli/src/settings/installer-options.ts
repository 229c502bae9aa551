import { describeThisMachine, type UninstallOptions } from '@subagent-mcp/installer'
import type { Terminal } from '../terminal/terminal.js'
import { getStateFolderPath } from './state-folder.js'

/** Returns the options that `setup`, `init`, `uninstall` and `rollback` of the installer share. */
export function createInstallerOptions(
  terminal: Pick<Terminal, 'environment' | 'home' | 'cwd' | 'now'>,
): Omit<UninstallOptions, 'project'> {
  const { environment, now } = terminal
  return { machine: describeThisMachine(terminal), stateFolder: getStateFolderPath(environment), now }
}

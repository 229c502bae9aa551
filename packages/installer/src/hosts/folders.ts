import { posix, win32 } from 'node:path'
import type { Machine } from './host.js'

/** A path of the machine's own kind, which need not be the one that this runs on. */
export function join(machine: Machine, ...parts: readonly string[]): string {
  return pathsOf(machine).join(...parts)
}

/** The variables that move the folder of a host; one that is relative counts from where the host is started. */
export const folderVariables: readonly string[] = [
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'COPILOT_HOME',
  'GEMINI_CLI_HOME',
]

/** A folder that a variable moves; an empty variable does not. */
export function movedBy(machine: Machine, variable: string, usual: string): string {
  return machine.environment[variable] || usual
}

/** `$XDG_CONFIG_HOME`, as the programs read it that look there on all systems; its specification has a relative one ignored. */
export function configFolder(machine: Machine): string {
  const usual = join(machine, machine.home, '.config')
  const folder = movedBy(machine, 'XDG_CONFIG_HOME', usual)
  return pathsOf(machine).isAbsolute(folder) ? folder : usual
}

/** Where desktop programs keep what is theirs. */
export function applicationFolder(machine: Machine): string {
  const { platform, home } = machine
  if (platform === 'win32') return movedBy(machine, 'APPDATA', join(machine, home, 'AppData', 'Roaming'))
  if (platform === 'darwin') return join(machine, home, 'Library', 'Application Support')
  return configFolder(machine)
}

function pathsOf({ platform }: Machine) {
  return platform === 'win32' ? win32 : posix
}

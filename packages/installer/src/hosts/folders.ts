import { posix, win32 } from 'node:path'
import type { HostMachine } from './host.js'

/** Joins a path with the separators of the machine, which may have another system than this process. */
export function joinPath(machine: HostMachine, ...parts: readonly string[]): string {
  return pathsOf(machine).join(...parts)
}

/** Environment variables that move the folder of a host. Relative paths in them are resolved where the host starts. */
export const hostFolderVariables: readonly string[] = [
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'COPILOT_HOME',
  'GEMINI_CLI_HOME',
]

/** A folder that an environment variable moves. An empty variable does not. */
export function getFolderByVariable(machine: HostMachine, variable: string, otherwise: string): string {
  return machine.environment[variable] || otherwise
}

/** `$XDG_CONFIG_HOME` or its default, for programs that use it on all systems. A relative path is ignored, as specified. */
export function getXdgConfigFolder(machine: HostMachine): string {
  const fallback = joinPath(machine, machine.home, '.config')
  const folder = getFolderByVariable(machine, 'XDG_CONFIG_HOME', fallback)
  return pathsOf(machine).isAbsolute(folder) ? folder : fallback
}

/** The folder in which desktop programs keep their files. */
export function getApplicationDataFolder(machine: HostMachine): string {
  const { platform, home } = machine
  if (platform === 'win32')
    return getFolderByVariable(machine, 'APPDATA', joinPath(machine, home, 'AppData', 'Roaming'))
  if (platform === 'darwin') return joinPath(machine, home, 'Library', 'Application Support')
  return getXdgConfigFolder(machine)
}

function pathsOf({ platform }: HostMachine) {
  return platform === 'win32' ? win32 : posix
}

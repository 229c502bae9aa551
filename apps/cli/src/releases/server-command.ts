import {
  isInstalledFromRegistry,
  createProjectServerCommand,
  createServerCommandForHosts as commandOf,
  type RunningProgram,
  type HostSetup,
} from '@subagent-mcp/installer'
import { cliScriptPath } from '../cli-script-path.js'
import { version } from '../version.js'

export const runningProgram: RunningProgram = {
  node: process.execPath,
  script: cliScriptPath,
  version,
  platform: process.platform,
  path: process.env['PATH'],
}

/** Returns the command with which hosts start the MCP server, for settings of the user. */
export function getServerCommand(): HostSetup['server'] {
  return commandOf(runningProgram)
}

/** Returns the command with which hosts start the MCP server, for settings of the user or of a project. */
export function getServerCommandForScope(scope: HostSetup['scope']): HostSetup['server'] {
  return scope === 'project' ? createProjectServerCommand(runningProgram) : getServerCommand()
}

/**
 * Returns the command by which a user runs another version of subagent-mcp. It names npx only where this version came from a
 * registry, because otherwise npx would run the program of anybody who registers the name.
 */
export function formatOtherVersionCommand(other: string, words: string): string {
  return isInstalledFromRegistry(runningProgram)
    ? `npx -y subagent-mcp@${other} ${words}`
    : `subagent-mcp ${words}, with the copy of version ${other}`
}

/** Returns how a user installs subagent-mcp permanently: from a registry that has it, otherwise from a checkout or a tarball. */
export function describeGlobalInstall(): string {
  return isInstalledFromRegistry(runningProgram)
    ? 'npm install --global subagent-mcp'
    : 'npm install --global with the path of its checkout (apps/cli) or tarball'
}

import {
  projectServerCommand,
  serverCommand as commandOf,
  type RunningProgram,
  type Wiring,
} from '@subagent-mcp/installer'
import { ownScript } from '../own-script.js'
import { version } from '../version.js'

export const runningProgram: RunningProgram = {
  node: process.execPath,
  script: ownScript,
  version,
  platform: process.platform,
  path: process.env['PATH'],
}

/** How hosts start the program of this process by files of the user. */
export function serverCommand(): Wiring['server'] {
  return commandOf(runningProgram)
}

/** How hosts start the program of this process by files of a scope. */
export function commandForScope(scope: Wiring['scope']): Wiring['server'] {
  return scope === 'project' ? projectServerCommand(runningProgram) : serverCommand()
}

import { findExecutable } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { hostFolderVariables } from './folders.js'
import type { HostMachine } from './host.js'

/** The user whose hosts are wired. Default: the user, environment and folder of this process. */
export type MachineOptions = { environment?: NodeJS.ProcessEnv; home?: string; cwd?: string }

/** The machine that this process runs on. Relative folders of hosts in the environment are resolved against `cwd`. */
export function describeThisMachine({
  environment = process.env,
  home = homedir(),
  cwd = '.',
}: MachineOptions = {}): HostMachine {
  return {
    platform: process.platform,
    home,
    environment: { ...environment, ...absoluteFolders(environment, cwd) },
    exists: existsSync,
    executable: (name) => {
      const configured = environment[`SUBAGENT_MCP_${name.toUpperCase()}_PATH`]
      return findExecutable({ name, configured, environment, home })
    },
  }
}

function absoluteFolders(environment: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv {
  return Object.fromEntries(
    hostFolderVariables.flatMap((name) => {
      const folder = environment[name]
      return folder ? [[name, isAbsolute(folder) ? folder : resolve(cwd, folder)]] : []
    }),
  )
}

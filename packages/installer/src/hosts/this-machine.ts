import { findExecutable } from '@subagent-mcp/driver-kit'
import { folderVariables, type Machine } from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { Terminal } from '../terminal/terminal.js'

/** Of whom a machine is: without a folder the process's own. */
type Owner = Pick<Terminal, 'environment' | 'home'> & Partial<Pick<Terminal, 'cwd'>>

/** The machine that a command runs on, as hosts are looked for on it: their folders with whole paths, which stay true. */
export function machineOf({ environment, home, cwd }: Owner): Machine {
  return {
    platform: process.platform,
    home,
    environment: { ...environment, ...wholePaths(environment, cwd) },
    exists: existsSync,
    executable: (name) => {
      const configured = environment[`SUBAGENT_MCP_${name.toUpperCase()}_PATH`]
      return findExecutable({ name, configured, environment, home })
    },
  }
}

function wholePaths(environment: NodeJS.ProcessEnv, cwd = '.'): NodeJS.ProcessEnv {
  return Object.fromEntries(
    folderVariables.flatMap((name) => {
      const folder = environment[name]
      return folder ? [[name, isAbsolute(folder) ? folder : resolve(cwd, folder)]] : []
    }),
  )
}

import { findExecutable } from '@subagent-mcp/driver-kit'
import type { Machine } from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import type { Terminal } from '../terminal/terminal.js'

/** The machine that a command runs on, as hosts are looked for on it. */
export function machineOf({ environment, home }: Pick<Terminal, 'environment' | 'home'>): Machine {
  return {
    platform: process.platform,
    home,
    environment,
    exists: existsSync,
    executable: (name) => {
      const configured = environment[`SUBAGENT_MCP_${name.toUpperCase()}_PATH`]
      return findExecutable({ name, configured, environment, home })
    },
  }
}

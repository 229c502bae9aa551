import type { Driver } from '@subagent-mcp/contract'
import { createWatchdog } from '@subagent-mcp/driver-kit'
import { createDrivers } from '../drivers.js'
import { readConfig } from '../settings/config.js'
import type { Terminal } from '../terminal/terminal.js'

/** The drivers that there are, to ask what they can do and no more: nothing is started. @throws SubagentError */
export function knownDrivers({ environment }: Pick<Terminal, 'environment'>): ReadonlyMap<string, Driver> {
  return createDrivers(createWatchdog(), readConfig(environment))
}

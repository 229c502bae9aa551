import type { Driver } from '@subagent-mcp/contract'
import {
  createAcpProfile,
  createAcpDriver,
  geminiProfile,
  type AcpAgentConfig,
} from '@subagent-mcp/driver-acp'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createCodexDriver } from '@subagent-mcp/driver-codex'
import { createWatchdog, type Watchdog } from '@subagent-mcp/driver-kit'
import { readUserConfig } from './settings/config.js'

/** Creates a driver for each provider: Claude, Codex, Gemini, and each ACP agent of the user's configuration. */
export function createDrivers(
  watchdog: Watchdog,
  { acpAgents }: { acpAgents: readonly AcpAgentConfig[] },
): ReadonlyMap<string, Driver> {
  const drivers = [
    createClaudeDriver({ watchdog }),
    createCodexDriver({ watchdog }),
    createAcpDriver({ watchdog, profile: geminiProfile }),
    ...acpAgents.map((agent) => createAcpDriver({ watchdog, profile: createAcpProfile(agent) })),
  ]
  return new Map(drivers.map((driver) => [driver.id, driver]))
}

/** Creates the drivers of the user's configuration, to read their abilities; starts no process. @throws SubagentError */
export function createConfiguredDrivers(environment: NodeJS.ProcessEnv): ReadonlyMap<string, Driver> {
  return createDrivers(createWatchdog(), readUserConfig(environment))
}

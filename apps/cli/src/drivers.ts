import type { Driver } from '@subagent-mcp/contract'
import { acpProfile, createAcpDriver, geminiProfile, type AcpAgent } from '@subagent-mcp/driver-acp'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createCodexDriver } from '@subagent-mcp/driver-codex'
import type { Watchdog } from '@subagent-mcp/driver-kit'
import type { CliPaths } from './settings.js'

/** A driver for each provider, by its id: the three of the house, and the user's own ACP agents. */
export function createDrivers(
  watchdog: Watchdog,
  { paths, acpAgents }: { paths: CliPaths; acpAgents: readonly AcpAgent[] },
): ReadonlyMap<string, Driver> {
  const drivers = [
    createClaudeDriver({ watchdog, ...executable(paths.claude) }),
    createCodexDriver({ watchdog, ...executable(paths.codex) }),
    createAcpDriver({ watchdog, profile: geminiProfile, ...executable(paths.gemini) }),
    ...acpAgents.map((agent) => createAcpDriver({ watchdog, profile: acpProfile(agent) })),
  ]
  return new Map(drivers.map((driver) => [driver.id, driver]))
}

function executable(path: string | undefined): { executable?: string } {
  return path === undefined ? {} : { executable: path }
}

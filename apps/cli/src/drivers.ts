import type { Driver } from '@subagent-mcp/contract'
import { acpProfile, createAcpDriver, geminiProfile, type AcpAgent } from '@subagent-mcp/driver-acp'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createCodexDriver } from '@subagent-mcp/driver-codex'
import type { Watchdog } from '@subagent-mcp/driver-kit'

/** Creates the drivers, by provider: the three that are built in, and one for each ACP agent of the user's. */
export function createDrivers(
  watchdog: Watchdog,
  { acpAgents }: { acpAgents: readonly AcpAgent[] },
): ReadonlyMap<string, Driver> {
  const drivers = [
    createClaudeDriver({ watchdog }),
    createCodexDriver({ watchdog }),
    createAcpDriver({ watchdog, profile: geminiProfile }),
    ...acpAgents.map((agent) => createAcpDriver({ watchdog, profile: acpProfile(agent) })),
  ]
  return new Map(drivers.map((driver) => [driver.id, driver]))
}

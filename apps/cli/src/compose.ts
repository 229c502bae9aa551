import { systemClock, type Driver, type SessionSpec } from '@subagent-mcp/contract'
import { createSupervisor, shutDown, type Supervisor, type SupervisorOptions } from '@subagent-mcp/core'
import { acpProfile, createAcpDriver, geminiProfile, type AcpAgent } from '@subagent-mcp/driver-acp'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createCodexDriver } from '@subagent-mcp/driver-codex'
import { createWatchdog, type Watchdog } from '@subagent-mcp/driver-kit'
import { randomBytes, randomUUID } from 'node:crypto'
import type { CliPaths, Settings } from './settings.js'

/** The house, wired: the only place that knows concrete drivers, the real clock and real ids. */
export type House = {
  supervisor: Supervisor
  /** A host is there, with an environment of its own. Returns the id of its connection. */
  connect(project: string, environment: SessionSpec['environment']): string
  /** Ends all agents, in bounded time. */
  close(): Promise<void>
}

/** What is read from files by whoever composes. */
export type HouseFiles = { acpAgents: readonly AcpAgent[]; routingOf: SupervisorOptions['routingOf'] }

/** How long agents may take to end by themselves, in milliseconds: a host's crash must not leave them for 5 s. */
const shutdownLimit = 4_000

/** Puts the parts together. Nothing is started before the first launch. */
export function compose({ paths }: Settings, { acpAgents, routingOf }: HouseFiles): House {
  const environments = new Map<string, SessionSpec['environment']>()
  const watchdog = createWatchdog()
  const supervisor = createSupervisor({
    drivers: createDrivers(watchdog, { paths, acpAgents }),
    environmentOf: (caller) => environments.get(caller) ?? {},
    routingOf,
    clock: systemClock,
    ids: { agent: shortId, message: randomUUID },
  })
  return {
    supervisor,
    connect: (project, environment) => {
      const caller = randomUUID()
      environments.set(caller, environment)
      supervisor.dispatch({ type: 'caller-connected', at: systemClock.now(), caller, project })
      return caller
    },
    close: async () => {
      await shutDown(supervisor, shutdownLimit)
      await watchdog.close()
    },
  }
}

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

/** Four letters and digits that no model mixes up. */
function shortId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  return [...randomBytes(4)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

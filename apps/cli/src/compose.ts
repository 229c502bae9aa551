import { systemClock, type SessionSpec } from '@subagent-mcp/contract'
import { createSupervisor, shutDown, type Supervisor, type SupervisorOptions } from '@subagent-mcp/core'
import type { AcpAgent } from '@subagent-mcp/driver-acp'
import { createWatchdog } from '@subagent-mcp/driver-kit'
import { randomBytes, randomUUID } from 'node:crypto'
import { createDrivers } from './drivers.js'
import type { Settings } from './settings.js'

/** The house, wired: the only place that knows the real clock and real ids. */
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

/** Four letters and digits that no model mixes up. */
function shortId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  return [...randomBytes(4)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
}

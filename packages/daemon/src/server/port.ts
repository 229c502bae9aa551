import type { RoutesQuery, Runtime } from '@subagent-mcp/runtime'
import type { FleetPort } from './workers/fleet-port.js'

/** The parts that the daemon's server serves: a runtime, the fleet of workers, and the stopping of the daemon. */
export type DaemonPort = Pick<Runtime, RuntimeParts> & {
  /** Reports which candidates a task would be launched on, and why. */
  routes(query: RoutesQuery): Promise<unknown>
  version: string
  /** The environment of callers who cannot send theirs, because their host connects to a URL. It has no keys. */
  environment: Readonly<Record<string, string>>
  fleet: FleetPort
  /** The problem with the user's settings, whose defaults are used then. */
  configProblem?: string
  /** Throws `needs-person` for a client that must not stop the daemon. By default all clients may. */
  checkStop?(): void
  /** Stops the daemon, which closes this server when it is done. `restarts`: another daemon follows. */
  stop(options: { drain: boolean; restarts: boolean }): void
  log(line: string): void
}

type RuntimeParts =
  | 'supervisor'
  | 'mailbox'
  | 'host'
  | 'stalledAfter'
  | 'connect'
  | 'depthOf'
  | 'mailboxOf'
  | 'childAround'
  | 'history'
  | 'records'
  | 'pooled'
  | 'nativeResume'
  | 'journalSize'

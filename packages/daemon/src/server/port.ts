import type { RoutesQuery, Runtime } from '@subagent-mcp/runtime'
import type { FleetPort } from './workers/fleet-port.js'

/** The parts that the server serves: a runtime, the fleet of workers, and the daemon's own life. */
export type DaemonPort = Pick<Runtime, RuntimeParts> & {
  /** Which candidates a task would be launched on, and why, as plain data. */
  routes(query: RoutesQuery): Promise<unknown>
  version: string
  fleet: FleetPort
  /** What is wrong with the user's settings; defaults are used in their place. */
  configProblem?: string
  /** Throws `needs-person` for clients that must not stop the daemon. Default: all may. */
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

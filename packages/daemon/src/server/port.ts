import type { RoutesQuery, Runtime } from '@subagent-mcp/runtime'
import type { FleetPort } from './workers/fleet-port.js'

/** What the server needs: a runtime, the fleet of workers, and the daemon's own life. */
export type DaemonPort = Pick<Runtime, ServedParts> & {
  /** Which candidates a task would be launched on, and why, as plain data. */
  routes(query: RoutesQuery): Promise<unknown>
  version: string
  fleet: FleetPort
  /** What is wrong with the user's settings; defaults are used in their place. */
  configProblem?: string
  /** @throws SubagentError `needs-person` where who asks must not end the daemon; missing where anybody may. */
  checkStop?(): void
  /** Ends the daemon in order: it closes this server when it is done. `restarts`: another daemon is to follow. */
  stop(options: { drain: boolean; restarts: boolean }): void
  log(line: string): void
}

type ServedParts =
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

import type { UserReports, RoutesQuery, Runtime } from '@subagent-mcp/runtime'
import type { PersistentWorkers } from '../workers/persistent-workers.js'

/** The parts that the daemon's server gives its clients access to: a runtime, the workers that it keeps, and the stop of the daemon. */
export type DaemonPort = Pick<Runtime, RuntimeParts> & {
  /** Reports the candidates of a launch in each task category, with reasons. */
  routes(query: RoutesQuery): Promise<unknown>
  version: string
  /** The environment for callers that cannot send their own, because their host connects to a URL. It contains no keys. */
  environment: Readonly<Record<string, string>>
  /** The workers that this daemon keeps. */
  kept: PersistentWorkers
  /** Returns the problem with the user's settings, if they are invalid. The defaults are then used. */
  configProblem?: string
  /** The folder with the built page. Default: this daemon has no page. */
  pageFolder?: string
  /** Set if the client is the page in a browser, which a person uses. */
  isPage?: true
  /** Throws `needs-person` for a client that must not stop the daemon. Default: all clients may stop it. */
  checkStop?(): void
  /** Stops the daemon. The HTTP server is closed at the end of that stop. `restarts`: another daemon follows. */
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
  | 'findEnclosingChild'
  | 'history'
  | 'records'
  | 'pooled'
  | 'workers'
  | 'nativeResume'
  | 'worktrees'
  | 'journalSize'
  | keyof UserReports

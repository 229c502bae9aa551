import type { PermissionRecord, PooledProcess } from '@subagent-mcp/api'
import type { Agent, Fact, Supervisor } from '@subagent-mcp/core'
import type { Mailbox } from '@subagent-mcp/mailbox'
import type { McpPort } from '@subagent-mcp/mcp-server'
import type { FleetPort } from './fleet-port.js'

/** What the server needs of the house: given by whoever wires it. */
export type DaemonPort = {
  supervisor: Supervisor
  /** The one of the house. */
  mailbox: Omit<Mailbox, 'onChange' | 'tidy' | 'close'>
  /** The name of this machine, for those on others. */
  host: string
  version: string
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  /** Somebody is there: a host's shim, or a terminal for the time of one request. */
  welcome(guest: Guest): Visit
  /** How many of our agents' sessions somebody is inside: 0 for a person, a host and their programs. */
  depthOf(somebody: Pick<Guest, 'environment' | 'pid'>): number
  /** The name in the mailbox of the session of ours that somebody is inside; `undefined` for one that has none. */
  mailboxOf(somebody: Pick<Guest, 'environment' | 'pid'>): string | undefined
  history: FactHistory
  /** The newest `limit` lines of the audit log, oldest first. */
  records(query: { agentId?: string; limit: number }): readonly PermissionRecord[]
  /** The processes of all pools. */
  pooled(): readonly PooledProcess[]
  fleet: FleetPort
  /** The command with which a person goes on with the agent's session in its CLI. */
  nativeResume(agent: Agent): readonly string[] | undefined
  /** Whom a task would go to, and why. */
  routes(query: RoutesQuery): Promise<unknown>
  /** Why the settings hold only in part. */
  configProblem?: string
  journalSize(): { path: string; bytes: number }
  /** Ends the daemon in order: it closes this server when it is done. `restarts`: another daemon is to follow. */
  stop(options: { drain: boolean; restarts: boolean }): void
  log(line: string): void
}

/** The facts that were journaled, in order of their number. */
export type FactHistory = {
  /** Looks at no more than `limit` of them. */
  read(query: { after?: number; agentId?: string; limit: number }): FactPage
  lastSeq(): number
}

/** A piece of the journal, without the facts of kinds that this version does not know. */
export type FactPage = {
  facts: readonly { seq: number; fact: Fact }[]
  /** The number after which to read on; `undefined` where the journal ends. */
  next: number | undefined
}

/** Whom the routes are asked for: what is in the environment decides what a CLI can do. */
export type RoutesQuery = { category?: string; cwd: string; environment: Environment }

/** The caller's, never the daemon's own. It holds secrets: never logged, never answered. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Who comes: where they stand, and what they have. `mailbox`: whose mail the agents have that they launch. `key`: the
 * secret of a shim that may have been here before, see `Hello`.
 */
export type Guest = {
  cwd: string
  environment: Environment
  pid?: number
  host?: string
  key?: string
  terminal?: true
  mailbox?: string
}

/** What a guest may do, until it leaves. */
export type Visit = {
  /** The id under which the supervisor knows this connection. */
  caller: string
  mcp: McpPort
  /** Whether it is not too deep inside our own agents to launch more. */
  mayLaunch: boolean
  /** The only tools that it is offered; all of them unless given. */
  offers?: readonly string[]
  leave(): void
}

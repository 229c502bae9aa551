import type { Agent, Fact, Supervisor } from '@subagent-mcp/core'
import type { McpPort } from '@subagent-mcp/mcp-server'

/** What the server needs of the house: given by whoever wires it. */
export type DaemonPort = {
  supervisor: Supervisor
  version: string
  /** Milliseconds of silence after which a running agent shows as stalled. */
  stalledAfter: number
  /** Somebody is there: a host's shim, or a terminal for the time of one request. */
  welcome(guest: Guest): Visit
  history: FactHistory
  /** The command with which a person goes on with the agent's session in its CLI. */
  nativeResume(agent: Agent): readonly string[] | undefined
  /** Whom a task would go to, and why. */
  routes(query: RoutesQuery): Promise<unknown>
  journalSize(): { path: string; bytes: number }
  /** Ends the daemon in order: it closes this server when it is done. */
  stop(options: { drain: boolean }): void
  log(line: string): void
}

/** The facts that were journaled, in order of their number. */
export type FactHistory = {
  read(query: { after?: number; agentId?: string; limit?: number }): { seq: number; fact: Fact }[]
  lastSeq(): number
}

/** Whom the routes are asked for: what is in the environment decides what a CLI can do. */
export type RoutesQuery = { category?: string; cwd: string; environment: Environment }

/** The caller's, never the daemon's own. It holds secrets: never logged, never answered. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Who comes: where they stand, and what they have. */
export type Guest = { cwd: string; environment: Environment; pid?: number; host?: string }

/** What a guest may do, until it leaves. */
export type Visit = {
  /** The id under which the supervisor knows this connection. */
  caller: string
  mcp: McpPort
  /** Whether it is not too deep inside our own agents to launch more. */
  mayLaunch: boolean
  leave(): void
}

import type { ListedAgent, PooledProcess } from '@subagent-mcp/api'
import type { LaunchTemplate } from '@subagent-mcp/core'

/** Agents that are defined in files, as one caller sees them from where it stands. */
export type AgentsPort = {
  /**
   * What a launch from a definition is made with; `pooled` makes its recipe known to the pool.
   * @throws SubagentError `unknown-definition`, `definition-invalid`, `not-supported`, `cwd-missing`
   */
  blueprint(name: string, options: { cwd: string | undefined; pooled: boolean }): LocatedBlueprint
  /** Starts a process of the agent unless one is warm. @throws SubagentError also for what the CLI does wrong */
  warm(name: string, options: WarmOptions): Promise<PooledProcess>
  /** Those of the project and of the user: also those whose file is wrong. */
  list(): readonly ListedAgent[]
  /** Ends all its processes, running tasks too. Returns how many there were. */
  reset(name: string): Promise<number>
}

/** A blueprint, and the absolute folder that it works in. */
export type LocatedBlueprint = { template: LaunchTemplate; cwd: string }

/** `cache` has the process do one short turn, so that the provider has the prompt in its cache. */
export type WarmOptions = { cwd: string | undefined; cache: boolean; signal: AbortSignal }

import type { StoredLaunchOptions } from '@subagent-mcp/api'
import type { SessionSpec } from '@subagent-mcp/contract'
import type { CallerPermissions } from '@subagent-mcp/permissions'
import type { RouteCandidate } from '@subagent-mcp/routing'

/** The settings of an agent definition for a launch. With it the launch does not use the routing table. */
export type LaunchTemplate = Partial<StoredLaunchOptions> & {
  /** The name of the agent definition. */
  name: string
  candidate: RouteCandidate
  /** The candidates to try next, for a definition that leaves the choice to the routing table. */
  left?: readonly RouteCandidate[]
  setup: SessionSetup
  /** The authority that the definition asks for. The agent gets at most what its caller has. */
  authority: CallerPermissions
  /** The user's own configuration names the definition: launched by a host it gets all that it asks for. */
  named?: true
  /** The pool from which the agent's sessions come. */
  pool?: TaskPoolSettings
}

/** Session settings of a definition or launch. They are journaled, for resumed sessions. */
export type SessionSetup = Pick<SessionSpec, 'appendSystemPrompt' | 'tools' | 'maxTurns' | 'mcpServers'>

/** Adds the settings of a launch to those of a definition: prompts are joined, servers merged. */
export function mergeSessionSetups(defined: SessionSetup, added: SessionSetup): SessionSetup {
  const texts = [defined.appendSystemPrompt, added.appendSystemPrompt].filter((text) => text !== undefined)
  const mcpServers = { ...defined.mcpServers, ...added.mcpServers }
  return {
    ...defined,
    ...added,
    ...(texts.length > 0 && { appendSystemPrompt: texts.join('\n\n') }),
    ...(Object.keys(mcpServers).length > 0 && { mcpServers }),
  }
}

/** The pool from which a task's session comes. */
export type TaskPoolSettings = {
  /** The name of the agent definition. At most `max` of its tasks run in a project. */
  agent: string
  /** The key of the `PoolSpec` by which the pool makes the session. */
  key: string
  max: number
  /** The time limit of the task's turn in milliseconds, without the time that it waits for a permission. */
  timeoutMs: number
}

import type { KeptOptions } from '@subagent-mcp/api'
import type { SessionSpec } from '@subagent-mcp/contract'
import type { Authority } from '@subagent-mcp/permissions'
import type { Candidate } from '@subagent-mcp/routing'

/** What a definition says of an agent: with it a launch leaves nothing to the routing table. */
export type LaunchTemplate = Partial<KeptOptions> & {
  /** The definition's name. */
  name: string
  candidate: Candidate
  setup: SessionSetup
  /** What it asks for: it gets no more of it than its caller has. */
  authority: Authority
  /** The user's own configuration names it: launched by a host, it gets all that it asks for. */
  named?: true
  /** Its sessions come from a pool. */
  pool?: PoolPlace
}

/** What sessions of a definition, or of a launch, are opened with; journaled with the launch, so that they can be resumed. */
export type SessionSetup = Pick<SessionSpec, 'appendSystemPrompt' | 'tools' | 'maxTurns' | 'mcpServers'>

/** Both, where a launch adds its own to what a definition says: texts after each other, servers beside each other. */
export function joinSetups(defined: SessionSetup, added: SessionSetup): SessionSetup {
  const texts = [defined.appendSystemPrompt, added.appendSystemPrompt].filter((text) => text !== undefined)
  const mcpServers = { ...defined.mcpServers, ...added.mcpServers }
  return {
    ...defined,
    ...added,
    ...(texts.length > 0 && { appendSystemPrompt: texts.join('\n\n') }),
    ...(Object.keys(mcpServers).length > 0 && { mcpServers }),
  }
}

/** The pool that a task's session comes from, and what the pool's agent lets a task have. */
export type PoolPlace = {
  /** The definition's name: no more than `max` tasks of it run at once in a project. */
  agent: string
  /** Names the recipe by which the pool makes the session. */
  key: string
  max: number
  /** How long the task's turn may take, in milliseconds; the time in which it waits for a permission does not count. */
  timeoutMs: number
}

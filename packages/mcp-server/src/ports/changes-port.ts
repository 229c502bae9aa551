import type { ChangeActionAnswer, ChangeCount, AgentChanges } from '@subagent-mcp/api'
import type { Agent } from '@subagent-mcp/core'

/** An action on the changes of an agent: write them to the checkout, delete them, make a branch of them, take them back, or run the
 * commands of `accept` on them in the checkout. */
export type ChangeAction =
  | { type: 'apply' }
  | { type: 'discard' }
  | { type: 'undo' }
  | { type: 'check' }
  | { type: 'branch'; name: string }

/** For each agent in a worktree, by id: the number of its changes that were not applied yet. */
export type ChangeCounts = ReadonlyMap<string, ChangeCount>

/** A file that these agents edited in turns that ran in parallel. */
export type SharedFileEdit = { path: string; agentIds: readonly string[] }

/** The changes that the agents of one caller make in worktrees, and files that agents edit side by side. */
export type ChangesPort = {
  /** Returns the changes of an agent that were not applied yet. @throws SubagentError */
  show(agentId: string): Promise<AgentChanges>
  /** Applies, discards, branches or undoes the changes of an agent. @throws SubagentError if the caller may not, or the agent is at work */
  act(agentId: string, action: ChangeAction): Promise<ChangeActionAnswer>
  /** Counts the changes of those of the agents that work in worktrees. Never rejects. */
  counts(agents: readonly Agent[]): Promise<ChangeCounts>
  /** The files that several agents edited in parallel. */
  shared(): readonly SharedFileEdit[]
}

import { SubagentError, type ErrorCode, type SessionSpec } from '@subagent-mcp/contract'
import { stopAgent, type Supervisor } from '@subagent-mcp/core'
import { findDefinition, listSearchFolders } from '@subagent-mcp/definitions'
import type { SessionPool } from '@subagent-mcp/pool'

/** The defined agent to reset, and the caller that asks for it. */
export type ResetOptions = {
  pool: SessionPool
  supervisor: Supervisor
  name: string
  project: string
  caller: { caller: string; depth: number; environment: SessionSpec['environment'] }
}

/**
 * Stops the tasks of a defined agent in a project, closes all its processes, and returns how many there were.
 * @throws SubagentError `unknown-definition` when there is neither a definition nor a process of that name;
 * `not-supported` for a caller that is an agent, because others may use the processes
 */
export async function resetPooledAgent(options: ResetOptions): Promise<number> {
  const { pool, name, project, caller } = options
  if (caller.depth > 0) {
    const hint = 'name in your answer the agent that the user should reset'
    throw new SubagentError(
      'not-supported',
      'an agent may not reset pooled processes, because other callers may use them',
      { hint },
    )
  }
  const processes = pool.processes({ agent: name, project }).length
  if (processes === 0) checkKnown(options)
  await Promise.all(tasksOf(options).map((id) => stopTask(options, id)))
  await pool.reset(name, project)
  return processes
}

/** Throws if no definition has this name. A definition file that cannot be read counts as one. */
function checkKnown({ name, project, caller }: ResetOptions): void {
  try {
    findDefinition(name, listSearchFolders(project, caller.environment), project)
  } catch (error) {
    if (!hasCode(error, 'definition-invalid')) throw error
  }
}

/** Lists the ids of the agent's tasks in the project, for all callers, including tasks that wait for room. */
function tasksOf({ supervisor, name, project }: ResetOptions): string[] {
  return [...supervisor.state().open.values()]
    .filter(({ profile }) => profile.pool?.agent === name && profile.project === project)
    .map(({ profile }) => profile.id)
}

/** Stops a task. Ignores a task that is already deleted, which happens as soon as its end was reported. */
async function stopTask({ supervisor, caller }: ResetOptions, id: string): Promise<void> {
  try {
    await stopAgent(supervisor, caller.caller, id)
  } catch (error) {
    if (!hasCode(error, 'unknown-agent')) throw error
  }
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof SubagentError && error.code === code
}

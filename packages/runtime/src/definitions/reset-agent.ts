import { SubagentError, type ErrorCode } from '@subagent-mcp/contract'
import { stopAgent, type Supervisor } from '@subagent-mcp/core'
import { findDefinition, placesOf } from '@subagent-mcp/definitions'
import type { Pool } from '@subagent-mcp/pool'
import type { Visitor } from './agents-desk.js'

/** Whose processes are to end. */
export type ResetOrder = {
  pool: Pool
  supervisor: Supervisor
  name: string
  project: string
  visitor: Visitor
}

/**
 * Stops the tasks that an agent is at in a project, and ends all of its processes; returns how many there were.
 * @throws SubagentError `unknown-definition` when there is neither a file nor a process of that name;
 * `not-supported` for an agent, which would end what others are at
 */
export async function resetAgent(order: ResetOrder): Promise<number> {
  const { pool, name, project, visitor } = order
  if (visitor.depth > 0) {
    const hint = 'say in your answer what is to be reset'
    throw new SubagentError('not-supported', 'an agent resets none: others may be at work', { hint })
  }
  const processes = pool.processes({ agent: name, project }).length
  if (processes === 0) checkKnown(order)
  await Promise.all(tasksOf(order).map((id) => stopTask(order, id)))
  await pool.reset(name, project)
  return processes
}

/** A file that is broken is a file. */
function checkKnown({ name, project, visitor }: ResetOrder): void {
  try {
    findDefinition(name, placesOf(project, visitor.environment), project)
  } catch (error) {
    if (!hasCode(error, 'definition-invalid')) throw error
  }
}

/** Also those of other visitors of the project, and those that wait for room. */
function tasksOf({ supervisor, name, project }: ResetOrder): string[] {
  return [...supervisor.fleet().open.values()]
    .filter(({ profile }) => profile.pool?.agent === name && profile.project === project)
    .map(({ profile }) => profile.id)
}

/** A task is forgotten as soon as its end was told, which may be before we hear of it. */
async function stopTask({ supervisor, visitor }: ResetOrder, id: string): Promise<void> {
  try {
    await stopAgent(supervisor, visitor.caller, id)
  } catch (error) {
    if (!hasCode(error, 'unknown-agent')) throw error
  }
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof SubagentError && error.code === code
}

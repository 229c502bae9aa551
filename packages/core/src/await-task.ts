import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from './agent.js'
import { isEnded, isRunning } from './agent-view.js'
import { pruneAgents } from './end-agents.js'
import { findAgent } from './launch.js'
import { openQuestions } from './reports.js'
import type { Supervisor } from './supervisor.js'
import { untilFact } from './until-fact.js'

/** What has become of a task: it is over, it asks for permission, or its caller has gone. */
export type TaskResult = { type: 'over' | 'asks' | 'cancelled'; agent: Agent }

/**
 * Waits for a task that was launched, until it is over or asks for permission. Aborting `signal` ends it in order: its
 * session is interrupted and goes back to its pool. What it returns is not delivered yet: whoever has delivered it
 * forgets the task.
 */
export async function awaitTask(
  supervisor: Supervisor,
  agentId: string,
  signal: AbortSignal,
): Promise<TaskResult> {
  const look = (): TaskResult | undefined => resultOf(findAgent(supervisor, agentId))
  const waited = await untilFact(supervisor, look, { signal })
  if (waited.type === 'found') return waited.found
  supervisor.dispatch({ type: 'shutdown-requested', at: supervisor.clock.now(), agentId })
  void forgetTask(supervisor, agentId)
  return { type: 'cancelled', agent: findAgent(supervisor, agentId) }
}

/**
 * Forgets a task, and what was said in it, as soon as it has ended; nothing happens to one that is forgotten. Never
 * rejects: what a journal cannot forget now goes with its age.
 */
export async function forgetTask(supervisor: Supervisor, agentId: string): Promise<void> {
  const task = (): Agent | undefined => supervisor.fleet().agents.get(agentId)
  await untilFact(supervisor, () => isGone(task()) || undefined)
  if (!task()) return
  try {
    pruneAgents(supervisor, { agentIds: [agentId] })
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}

function isGone(agent: Agent | undefined): boolean {
  return agent === undefined || isEnded(agent)
}

function resultOf(agent: Agent): TaskResult | undefined {
  if (openQuestions(agent).length > 0) return { type: 'asks', agent }
  return isRunning(agent) ? undefined : { type: 'over', agent }
}

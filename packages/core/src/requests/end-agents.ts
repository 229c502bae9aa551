import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import { hasAgentEnded, willAgentReportUnprompted } from '../agent/agent-view.js'
import { findUsageLimitEnding } from '../limits/usage-limit-ending.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { waitForFact } from './wait-for-fact.js'
import { acknowledgeReports } from './wait-for-reports.js'
import { selectNewReports } from './agent-wait-outcome.js'

/** Kills an agent. Resolves with the agent when none of its processes is left. @throws SubagentError `unknown-agent` */
export async function stopAgent(supervisor: Supervisor, by: string, agentId: string): Promise<Agent> {
  const before = findAgentByIdOrName(supervisor, agentId)
  if (hasAgentEnded(before) && !findUsageLimitEnding(before)) return before
  supervisor.dispatch({ type: 'stop-requested', at: supervisor.clock.now(), agentId, by })
  const agent = await untilEnded(supervisor, agentId)
  tellStopper(supervisor, by, before)
  return agent
}

/**
 * Marks the agent's end as delivered to the caller that stopped it, if that caller had received all reports before.
 * Skips tasks with an open call, because that call reports the end.
 */
function tellStopper(supervisor: Supervisor, caller: string, before: Agent): void {
  const state = supervisor.state()
  const { id } = before.profile
  if (!state.callers.has(caller) || state.calls.has(id)) return
  if (selectNewReports(state, caller, before).reports.length > 0) return
  acknowledgeReports(supervisor, caller, {
    news: [selectNewReports(state, caller, findAgentByIdOrName(supervisor, id))],
  })
}

/**
 * Closes an idle agent's session, so that the CLI itself can continue it. Resolves when it is closed. @throws
 * SubagentError `not-supported` while the agent has work
 */
export async function releaseAgent(supervisor: Supervisor, agentId: string): Promise<Agent> {
  const agent = findAgentByIdOrName(supervisor, agentId)
  const { status } = agent.phase
  if (willAgentReportUnprompted(agent) || status === 'waiting-permission') {
    const hint = 'wait until its turn is over, or kill it'
    throw new SubagentError('not-supported', `agent '${agentId}' is at work`, { hint })
  }
  if (status === 'ended') return agent
  supervisor.dispatch({ type: 'release-requested', at: supervisor.clock.now(), agentId })
  return untilEnded(supervisor, agentId)
}

/** Deletes ended agents: the given ones, or all that ended before `endedBefore` (Unix ms). Returns their ids. */
export function pruneAgents(
  supervisor: Supervisor,
  { agentIds, endedBefore = Infinity }: { agentIds?: readonly string[]; endedBefore?: number },
): string[] {
  const named = agentIds?.map((id) => findAgentByIdOrName(supervisor, id)) ?? [
    ...supervisor.state().agents.values(),
  ]
  const removed = named
    .filter((agent) => !findUsageLimitEnding(agent))
    .filter(({ phase }) => phase.status === 'ended' && phase.at < endedBefore)
    .map(({ profile }) => profile.id)
  if (removed.length > 0)
    supervisor.dispatch({ type: 'agents-pruned', at: supervisor.clock.now(), agentIds: removed })
  return removed
}

/** Prevents further turns. Resolves when no turn runs, or after `limit` milliseconds. */
export async function drainSupervisor(supervisor: Supervisor, limit: number): Promise<void> {
  supervisor.dispatch({ type: 'drain-started', at: supervisor.clock.now() })
  const isQuiet = (): true | undefined =>
    !supervisor.state().open.some(({ phase }) => isBeforeEnd.includes(phase.status)) || undefined
  await waitForFact(supervisor, isQuiet, { timeout: limit })
}

const isBeforeEnd: readonly Agent['phase']['status'][] = ['opening', 'switching', 'working', 'checking']

/** Ends all agents, and running ones as interrupted. Resolves when all have ended, or after `limit` milliseconds. */
export async function shutDownSupervisor(supervisor: Supervisor, limit: number): Promise<void> {
  // Draining comes first, so that no waiting agent begins in the place of an ended one.
  supervisor.dispatch({ type: 'drain-started', at: supervisor.clock.now() })
  for (const { profile } of supervisor.state().open.values())
    supervisor.dispatch({ type: 'shutdown-requested', at: supervisor.clock.now(), agentId: profile.id })
  const allEnded = (): true | undefined => supervisor.state().open.size === 0 || undefined
  await waitForFact(supervisor, allEnded, { timeout: limit })
  supervisor.flush()
}

async function untilEnded(supervisor: Supervisor, agentId: string): Promise<Agent> {
  await waitForFact(supervisor, () => hasAgentEnded(findAgentByIdOrName(supervisor, agentId)) || undefined)
  return findAgentByIdOrName(supervisor, agentId)
}

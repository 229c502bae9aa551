import { SubagentError } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import { isEnded, isRunning } from '../agent/agent-view.js'
import { findAgent } from '../launch/launch.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { untilFact } from './until-fact.js'
import { acknowledgeReports } from './wait-for-reports.js'
import { newReports } from './wait-outcome.js'

/** Kills an agent; resolves when none of its processes is left. @throws SubagentError for an unknown id. */
export async function stopAgent(supervisor: Supervisor, by: string, agentId: string): Promise<Agent> {
  const before = findAgent(supervisor, agentId)
  if (isEnded(before)) return before
  supervisor.dispatch({ type: 'stop-requested', at: supervisor.clock.now(), agentId, by })
  const agent = await untilEnded(supervisor, agentId)
  tellStopper(supervisor, by, before)
  return agent
}

/**
 * Who stopped an agent knows that it stopped, so its next wait does not tell it again; all else it does. The call of a task
 * tells it for itself.
 */
function tellStopper(supervisor: Supervisor, caller: string, before: Agent): void {
  const fleet = supervisor.fleet()
  const { id } = before.profile
  if (!fleet.callers.has(caller) || fleet.calls.has(id)) return
  if (newReports(fleet, caller, before).reports.length > 0) return
  acknowledgeReports(supervisor, caller, { news: [newReports(fleet, caller, findAgent(supervisor, id))] })
}

/**
 * Closes an agent's session where it idles, so that the CLI itself can go on with it; resolves when it is closed.
 * @throws SubagentError `not-supported` while it has something to do
 */
export async function releaseAgent(supervisor: Supervisor, agentId: string): Promise<Agent> {
  const agent = findAgent(supervisor, agentId)
  const { status } = agent.phase
  if (isRunning(agent) || status === 'waiting-permission') {
    const hint = 'wait until its turn is over, or kill it'
    throw new SubagentError('not-supported', `agent '${agentId}' is at work`, { hint })
  }
  if (status === 'ended') return agent
  supervisor.dispatch({ type: 'release-requested', at: supervisor.clock.now(), agentId })
  return untilEnded(supervisor, agentId)
}

/** Forgets agents that have ended: those named, or all that ended before a time (Unix ms). Returns their ids. */
export function pruneAgents(
  supervisor: Supervisor,
  { agentIds, endedBefore = Infinity }: { agentIds?: readonly string[]; endedBefore?: number },
): string[] {
  const named = agentIds?.map((id) => findAgent(supervisor, id)) ?? [...supervisor.fleet().agents.values()]
  const removed = named
    .filter(({ phase }) => phase.status === 'ended' && phase.at < endedBefore)
    .map(({ profile }) => profile.id)
  if (removed.length > 0)
    supervisor.dispatch({ type: 'agents-pruned', at: supervisor.clock.now(), agentIds: removed })
  return removed
}

/** Lets no turn begin any more; resolves when none runs, or after `limit` milliseconds. */
export async function drainSupervisor(supervisor: Supervisor, limit: number): Promise<void> {
  supervisor.dispatch({ type: 'drain-started', at: supervisor.clock.now() })
  const isQuiet = (): true | undefined =>
    !supervisor.fleet().open.some(({ phase }) => isBeforeEnd.includes(phase.status)) || undefined
  await untilFact(supervisor, isQuiet, { timeout: limit })
}

const isBeforeEnd: readonly Agent['phase']['status'][] = ['opening', 'switching', 'working']

/** Ends all agents, running ones as interrupted; resolves when none is left, or after `limit` milliseconds. */
export async function shutDownSupervisor(supervisor: Supervisor, limit: number): Promise<void> {
  // First of all: the room that one leaves is not for another.
  supervisor.dispatch({ type: 'drain-started', at: supervisor.clock.now() })
  for (const { profile } of supervisor.fleet().open.values())
    supervisor.dispatch({ type: 'shutdown-requested', at: supervisor.clock.now(), agentId: profile.id })
  const allEnded = (): true | undefined => supervisor.fleet().open.size === 0 || undefined
  await untilFact(supervisor, allEnded, { timeout: limit })
  supervisor.flush()
}

async function untilEnded(supervisor: Supervisor, agentId: string): Promise<Agent> {
  await untilFact(supervisor, () => isEnded(findAgent(supervisor, agentId)) || undefined)
  return findAgent(supervisor, agentId)
}

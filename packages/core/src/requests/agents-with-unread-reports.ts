import type { Agent } from '../agent/agent.js'
import type { AgentsState } from '../state/agents-state.js'
import { doesWaitCoverAgent } from '../state/open-waits.js'
import { hasOnlyUnreadableReports, selectNewReports } from './agent-wait-outcome.js'

/** Agents with reports that a host has not received and that no open call delivers to it. */
export type AgentsWithUnreadReports = {
  /** Agents whose turn has ended, or which have ended themselves. */
  finished: readonly Agent[]
  /** Agents that ask for permission while no user is being asked. */
  asking: readonly Agent[]
}

/**
 * `caller`: a connected host, for the agents that it launched. `project`: for the agents that disconnected hosts launched there.
 */
export type UnreadReportsQuery = { caller?: string; project?: string }

/** Lists the agents with unread reports for which a host needs a notice, because it does not wait for them now. */
export function listAgentsWithUnreadReports(
  state: AgentsState,
  query: UnreadReportsQuery,
): AgentsWithUnreadReports {
  const finished: Agent[] = []
  const asking: Agent[] = []
  for (const agent of state.unsettled.values()) {
    const caller = agent.profile.caller === query.caller ? query.caller : ''
    if (!mayNotifyHostOfAgent(state, query, agent) || isAwaited(state, caller, agent)) continue
    const { reports } = selectNewReports(state, caller, agent)
    if (reports.length === 0 || hasOnlyUnreadableReports(state, agent)) continue
    const asks = reports.some(({ type }) => type === 'approval')
    ;(asks ? asking : finished).push(agent)
  }
  return { finished, asking }
}

/** The keys of agents' newest reports. Each report of an agent has another key. */
export type ReportKeys = { finished: readonly string[]; asking: readonly string[] }

/** Returns a key for the newest report of each agent. */
export function computeReportKeys({ finished, asking }: AgentsWithUnreadReports): ReportKeys {
  return { finished: finished.map(reportKey), asking: asking.map(reportKey) }
}

function reportKey({ profile, reports }: Agent): string {
  return `${profile.id}.${reports.length}`
}

/** Whether a host gets notices of an agent's reports. */
export function mayNotifyHostOfAgent(
  { callers }: AgentsState,
  query: UnreadReportsQuery,
  { profile }: Agent,
): boolean {
  if (profile.caller === query.caller) return true
  const isLeftByHost = profile.depth === 1 && !profile.terminal && !callers.has(profile.caller)
  return profile.project === query.project && isLeftByHost
}

/**
 * Whether an open tool call will deliver the agent's reports to the host. Reports for disconnected hosts may reach any host of the
 * project.
 */
function isAwaited({ calls, callers, waits }: AgentsState, caller: string, { profile }: Agent): boolean {
  if (calls.has(profile.id)) return true
  return [...waits.values()].some((wait) => {
    const mayDeliver =
      wait.agentIds !== undefined ||
      wait.caller === caller ||
      (caller === '' && callers.get(wait.caller)?.project === profile.project)
    return mayDeliver && doesWaitCoverAgent(wait, profile.id)
  })
}

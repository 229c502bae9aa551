import type { Agent } from '../agent/agent.js'
import { willAgentReportUnprompted } from '../agent/agent-view.js'
import {
  getNewestDeliveredReportNumber,
  getNewestUnsettledReportNumber,
  type AgentsState,
} from '../state/agents-state.js'
import { doesWaitCoverAgent, listNewerWaits } from '../state/open-waits.js'
import { isAgentOfCaller, listAgentsOfCaller } from '../state/agents-of-caller.js'
import { listOpenQuestions, selectAgentReportsAfter, type AgentReportContent } from '../agent/reports.js'

/**
 * The agents for which a caller waits; without `agentIds` all for which it may wait. `waitId`: the id of this wait among the open
 * waits.
 */
export type AgentWaitQuery = {
  caller: string
  agentIds?: readonly string[]
  until: 'any' | 'all'
  waitId?: string
}

/** The result that a caller's wait has at this moment. */
export type AgentWaitOutcome = {
  done: boolean
  /** Agents that have reports which the caller has not received. */
  news: readonly AgentWithNewReports[]
  /** Agents that do not run and have no new reports: those that the caller named, or that wait for its answer. */
  known: readonly Agent[]
  running: readonly Agent[]
}

export type AgentWithNewReports = { agent: Agent; reports: readonly AgentReportContent[] }

/**
 * Computes a wait's result. Stalled agents count as running. Agents whose reports another call delivers count as running, too: a
 * task's own call, or a newer wait of the caller, because a host may have given up the older wait.
 */
export function computeWaitOutcome(state: AgentsState, query: AgentWaitQuery): AgentWaitOutcome {
  const scope = listAgentsOfWait(state, query)
  const newer = query.waitId === undefined ? [] : listNewerWaits(state.waits, query.caller, query.waitId)
  const isInCall = ({ profile }: Agent): boolean =>
    state.calls.has(profile.id) || newer.some((wait) => doesWaitCoverAgent(wait, profile.id))
  const seen = scope
    .filter((agent) => !isInCall(agent))
    .map((agent) => selectNewReports(state, query.caller, agent))
  const news = seen.filter(({ reports }) => reports.length > 0)
  const silent = seen.filter(({ reports }) => reports.length === 0).map(({ agent }) => agent)
  const named = query.agentIds !== undefined
  const known = silent.filter(
    (agent) => !willAgentReportUnprompted(agent) && (named || listOpenQuestions(agent).length > 0),
  )
  const running = scope.filter((agent) => willAgentReportUnprompted(agent) || isInCall(agent))
  const endings = news.filter(({ agent }) => !hasOnlyUnreadableReports(state, agent))
  const asked = endings.some(({ reports }) => reports.some(({ type }) => type === 'approval'))
  const some = query.until === 'any' && (endings.length > 0 || (named && known.length > 0))
  return { done: running.length === 0 || asked || some, news, known, running }
}

/**
 * Whether all new reports of an agent were described before, and one of them without its text, which could not be read. Such reports
 * are part of each wait's result until the text can be read, but end no wait and cause no notice, because the host would repeat it.
 */
export function hasOnlyUnreadableReports({ unreadable }: AgentsState, { profile, reports }: Agent): boolean {
  return reports.length <= (unreadable.get(profile.id) ?? 0)
}

/** An agent with its reports that the caller has not received. */
export function selectNewReports(state: AgentsState, caller: string, agent: Agent): AgentWithNewReports {
  const delivered = getNewestDeliveredReportNumber(state, caller, agent)
  return {
    agent,
    reports: selectAgentReportsAfter(agent, delivered, getNewestUnsettledReportNumber(state, caller, agent)),
  }
}

/**
 * The agents that a wait covers: the named ones, otherwise those that the caller launched, and for hosts also agents
 * of disconnected hosts in the same project. Agents of others and tasks with an open call are left out, and those of which
 * nobody has to hear any more.
 */
export function listAgentsOfWait(
  state: AgentsState,
  { caller, agentIds }: Omit<AgentWaitQuery, 'until'>,
): Agent[] {
  const own = agentIds
    ? agentIds
        .flatMap((id) => state.agents.get(id) ?? [])
        .filter((agent) => isAgentOfCaller(state, caller, agent))
    : listAgentsOfCaller(state, caller, state.unsettled)
  if (agentIds) return [...own]
  const project = state.callers.get(caller)?.project
  return own.filter(({ profile }) => {
    if (state.calls.has(profile.id)) return false
    if (profile.caller === caller) return true
    return !profile.terminal && profile.project === project && !state.callers.has(profile.caller)
  })
}

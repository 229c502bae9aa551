import type { Agent } from '../agent/agent.js'
import { isRunning } from '../agent/agent-view.js'
import { deliveredUpTo, type AgentsState } from '../state/agents-state.js'
import { isOwn, ownAgents } from '../state/own-agents.js'
import { openQuestions, reportsAfter, type ReportContent } from '../agent/reports.js'

/** What a caller waits for. Without ids: all that is its own to wait for. */
export type WaitQuery = { caller: string; agentIds?: readonly string[]; until: 'any' | 'all' }

/** What a wait would be told now. */
export type WaitOutcome = {
  /** Whether the wait is over. */
  done: boolean
  /** Agents with something that the caller has not been told. */
  news: readonly NewReports[]
  /** Agents at rest of which the caller has been told all: those that it named, and those that wait for its answer. */
  known: readonly Agent[]
  running: readonly Agent[]
}

/** The new reports on one agent, oldest first. */
export type NewReports = { agent: Agent; reports: readonly ReportContent[] }

/**
 * Decides a wait from the state alone. A silent agent goes on being waited for, and so does a task whose call is open: the
 * call alone has its reports.
 */
export function waitOutcome(fleet: AgentsState, query: WaitQuery): WaitOutcome {
  const scope = agentsInScope(fleet, query)
  const isInCall = ({ profile }: Agent): boolean => fleet.calls.has(profile.id)
  const seen = scope
    .filter((agent) => !isInCall(agent))
    .map((agent) => newReports(fleet, query.caller, agent))
  const news = seen.filter(({ reports }) => reports.length > 0)
  const silent = seen.filter(({ reports }) => reports.length === 0).map(({ agent }) => agent)
  const named = query.agentIds !== undefined
  const known = silent.filter((agent) => !isRunning(agent) && (named || openQuestions(agent).length > 0))
  const running = scope.filter((agent) => isRunning(agent) || isInCall(agent))
  const asked = news.some(({ reports }) => reports.some(({ type }) => type === 'approval'))
  const some = query.until === 'any' && (news.length > 0 || (named && known.length > 0))
  return { done: running.length === 0 || asked || some, news, known, running }
}

/** What a caller has not received of an agent. */
export function newReports(fleet: AgentsState, caller: string, agent: Agent): NewReports {
  return { agent, reports: reportsAfter(agent, deliveredUpTo(fleet, caller, agent)) }
}

/**
 * Without ids: the agents that the caller launched, and for a host what is left by hosts of its project that are gone; tasks
 * only once their call has ended. Agents that are not the caller's own are never in scope.
 */
export function agentsInScope(fleet: AgentsState, { caller, agentIds }: Omit<WaitQuery, 'until'>): Agent[] {
  const own = agentIds
    ? agentIds.flatMap((id) => fleet.agents.get(id) ?? []).filter((agent) => isOwn(fleet, caller, agent))
    : ownAgents(fleet, caller)
  if (agentIds) return [...own]
  const project = fleet.callers.get(caller)?.project
  return own.filter(({ profile }) => {
    if (fleet.calls.has(profile.id)) return false
    if (profile.caller === caller) return true
    return !profile.terminal && profile.project === project && !fleet.callers.has(profile.caller)
  })
}

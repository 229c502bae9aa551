import type { Agent } from './agent.js'
import { isRunning } from './agent-view.js'
import { deliveredUpTo, type Fleet } from './fleet.js'
import { openQuestions, reportsAfter, type ReportContent } from './reports.js'

/** What a caller waits for. Without ids: all that is its own to wait for. */
export type WaitQuery = { caller: string; agentIds?: readonly string[]; until: 'any' | 'all' }

/** What a wait would be told now. */
export type WaitOutcome = {
  /** Whether the wait is over. */
  done: boolean
  /** Agents with something that the caller has not been told. */
  news: readonly News[]
  /** Agents at rest of which the caller has been told all: those that it named, and those that wait for its answer. */
  known: readonly Agent[]
  running: readonly Agent[]
}

/** The new reports on one agent, oldest first. */
export type News = { agent: Agent; reports: readonly ReportContent[] }

/** Decides a wait from the state alone. A silent agent goes on being waited for. */
export function waitOutcome(fleet: Fleet, query: WaitQuery): WaitOutcome {
  const scope = agentsInScope(fleet, query)
  const seen = scope.map((agent) => ({
    agent,
    reports: reportsAfter(agent, deliveredUpTo(fleet, query.caller, agent)),
  }))
  const news = seen.filter(({ reports }) => reports.length > 0)
  const silent = seen.filter(({ reports }) => reports.length === 0).map(({ agent }) => agent)
  const named = query.agentIds !== undefined
  const known = silent.filter((agent) => !isRunning(agent) && (named || openQuestions(agent).length > 0))
  const running = scope.filter(isRunning)
  const asked = news.some(({ reports }) => reports.some(({ type }) => type === 'approval'))
  const some = query.until === 'any' && (news.length > 0 || (named && known.length > 0))
  return { done: running.length === 0 || asked || some, news, known, running }
}

/** Without ids: the agents that the caller launched, and what is left by hosts of its project that are gone. */
function agentsInScope(fleet: Fleet, { caller, agentIds }: WaitQuery): Agent[] {
  if (agentIds) return agentIds.flatMap((id) => fleet.agents.get(id) ?? [])
  const project = fleet.callers.get(caller)?.project
  return [...fleet.agents.values()].filter(({ profile }) => {
    // A task has its own caller, who waits for it by its id.
    if (profile.pool) return false
    if (profile.caller === caller) return true
    return !profile.terminal && profile.project === project && !fleet.callers.has(profile.caller)
  })
}

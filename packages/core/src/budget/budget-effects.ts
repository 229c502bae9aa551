import { isAgentInTurn } from '../agent/agent-view.js'
import type { Agent } from '../agent/agent.js'
import type { AgentsState } from '../state/agents-state.js'
import type { Effect } from '../state/effect.js'
import type { Fact } from '../state/fact.js'
import { findAgentsWhoseBudgetBinds, findSpentBudgetLimit } from './budget.js'
import { sumTurnUsage, collectAgentWithDescendants } from './turn-usage-sum.js'

/**
 * The effects of a fact on budgets: a report of usage, or the start of a turn, may spend the budget of the agent and of those that
 * launched it. A turn also starts the timer of a budget in minutes.
 */
export function computeBudgetEffects(before: AgentsState, after: AgentsState, fact: Fact): Effect[] {
  if (fact.type === 'budget-due') {
    const root = after.agents.get(fact.rootId)
    return root?.profile.budget ? keepBudget(after, root, fact.at) : []
  }
  if (!('agentId' in fact)) return []
  const agent = after.agents.get(fact.agentId)
  if (!agent || !(reportsUsage(fact) || beginsTurn(before.agents.get(fact.agentId), agent))) return []
  return findAgentsWhoseBudgetBinds(after, agent.profile).flatMap((root) => keepBudget(after, root, fact.at))
}

function reportsUsage(fact: Fact): boolean {
  if (fact.type !== 'session-event-received') return false
  return fact.event.type === 'usage-reported' || fact.event.type === 'usage-advanced'
}

function beginsTurn(before: Agent | undefined, { phase }: Agent): boolean {
  return isAgentInTurn(phase) && !(before && isAgentInTurn(before.phase))
}

/** Ends the work of all agents under a spent budget, or checks the budget again when its minutes are over. */
function keepBudget(state: AgentsState, root: Agent, at: number): Effect[] {
  const { open, turns } = collectAgentWithDescendants(state, root)
  const spending = sumTurnUsage(turns, at)
  const spent = findSpentBudgetLimit(root, spending)
  if (spent) {
    const working = open.filter(hasWork)
    return working.map(({ profile }) => ({ type: 'spend-budget', agentId: profile.id, spent }))
  }
  const { minutes } = root.profile.budget ?? {}
  if (minutes === undefined || !open.some(({ phase }) => isAgentInTurn(phase))) return []
  const delay = Math.max(1, Math.ceil((minutes - spending.minutes) * 60_000))
  return [{ type: 'check-budget', rootId: root.profile.id, delay }]
}

function hasWork({ phase }: Agent): boolean {
  if (isAgentInTurn(phase)) return phase.turn.spent === undefined
  return phase.status !== 'idle' && phase.status !== 'closing'
}

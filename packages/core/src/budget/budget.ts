import type { SpentBudget } from './spent-budget.js'
import type { Budget } from '@subagent-mcp/api'
import type { Failure } from '@subagent-mcp/contract'
import type { Agent } from '../agent/agent.js'
import type { AgentsState } from '../state/agents-state.js'
import {
  sumTurnUsage,
  listLaunchersOfAgent,
  collectAgentWithDescendants,
  type AgentBudgetLinks,
  type TurnUsageSum,
} from './turn-usage-sum.js'

/** The spent budget that binds an agent: its own, or that of an agent in `listLaunchersOfAgent`. `undefined` if there is none. */
export function findSpentBudget(
  state: AgentsState,
  profile: AgentBudgetLinks & { id: string },
  at: number,
): SpentBudget | undefined {
  for (const agent of findAgentsWhoseBudgetBinds(state, profile)) {
    const spent = findSpentBudgetLimit(
      agent,
      sumTurnUsage(collectAgentWithDescendants(state, agent).turns, at),
    )
    if (spent) return spent
  }
  return undefined
}

/** The agents whose budgets bind an agent: itself and those in `listLaunchersOfAgent`, as far as they have one. */
export function findAgentsWhoseBudgetBinds(
  state: AgentsState,
  profile: AgentBudgetLinks & { id: string },
): readonly Agent[] {
  const own = state.agents.get(profile.id)
  const all = [...(own ? [own] : []), ...listLaunchersOfAgent(state, profile)]
  return all.filter((agent) => agent.profile.budget !== undefined)
}

/** The limit of the agent's own budget that is spent, if one is. */
export function findSpentBudgetLimit({ profile }: Agent, spending: TurnUsageSum): SpentBudget | undefined {
  const { id: agentId, budget = {} } = profile
  for (const limit of limits) {
    const most = budget[limit]
    const used = spending[limit]
    const unpriced = limit === 'usd' && spending.unpriced > 0 ? { unpriced: spending.unpriced } : {}
    if (most !== undefined && used >= most) return { limit, most, used, agentId, ...unpriced }
  }
  return undefined
}

const limits = ['tokens', 'usd', 'minutes'] as const

/** Whether a budget limits nothing but costs, so that it cannot be kept where costs are not known. */
export function doesBudgetLimitOnlyCosts({ usd, tokens, minutes }: Budget): boolean {
  return usd !== undefined && tokens === undefined && minutes === undefined
}

/** The failure of an agent whose budget is spent. */
export function createBudgetFailure(
  { limit, most, used, unpriced = 0, agentId }: SpentBudget,
  id: string,
): Failure {
  const whose = agentId === id ? 'its budget' : `the budget of agent ${agentId}, which it counts to,`
  const unknown = unpriced > 0 ? `, and the unknown cost of ${unpriced} turn(s)` : ''
  const setting =
    limit === 'minutes' ? '; runs without a person have budgets.unattended.minutes of config.jsonc' : ''
  return {
    reason: 'budget-spent',
    message: `${whose} of ${formatBudgetAmount(limit, most)} is spent: ${formatBudgetAmount(limit, used)} used${unknown}`,
    hint: `nothing is lost; a person can go on with more: subagent-mcp send ${agentId} --budget-${limit} ${2 * Math.ceil(Math.max(most, used))} "go on"${setting}`,
  }
}

/** An amount of a limit with its unit, as `$0.50`, `1000 tokens` or `2.5 minutes`. */
export function formatBudgetAmount(limit: keyof Budget, amount: number): string {
  if (limit === 'usd') return `$${amount.toFixed(amount < 1 ? 4 : 2)}`
  return `${limit === 'tokens' ? amount : Math.round(amount * 10) / 10} ${limit}`
}

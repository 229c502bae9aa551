import type { Budget } from '@subagent-mcp/api'
import type { DriverAbilities, Failure } from '@subagent-mcp/contract'
import type { Agent, AgentProfile } from '../agent/agent.js'
import { createErrorFromFailure } from '../launch/create-error-from-failure.js'
import { findAgentAccount } from '../accounts/named-accounts.js'
import type { AgentsState } from '../state/agents-state.js'
import type { Supervisor } from '../supervisor/supervisor.js'
import { findDayBudgetFailure } from './account-budgets.js'
import { createBudgetFailure, findSpentBudget, doesBudgetLimitOnlyCosts } from './budget.js'
import { listLaunchersOfAgent, type AgentBudgetLinks } from './turn-usage-sum.js'

/** Checks that no budget that binds an agent is spent. `budget` replaces the agent's own. @throws SubagentError `budget-spent` */
export function checkAgentBudget(
  { state, clock }: Pick<Supervisor, 'state' | 'clock'>,
  profile: AgentBudgetLinks & { id: string },
  budget?: Budget,
): void {
  const { id } = profile
  const known = state()
  const agent = known.agents.get(id)
  const raised = agent &&
    budget && { ...known, agents: known.agents.set(id, { ...agent, profile: { ...agent.profile, budget } }) }
  const spent = findSpentBudget(raised || known, profile, clock.now())
  if (spent) throw createErrorFromFailure(createBudgetFailure(spent, id))
}

/** Checks that the budget of the day for the agent's account is not spent. @throws SubagentError `budget-spent` */
export function checkAccountDayBudget(
  { state, drivers, clock }: Supervisor,
  { route, profile }: Agent,
): void {
  const { provider } = route.current
  const { abilities } = drivers.get(provider) ?? {}
  const failure =
    abilities &&
    findDayBudgetFailure(state(), { ...findAgentAccount(profile, provider), abilities }, clock.now())
  if (failure) throw createErrorFromFailure(failure)
}

/** Adds a note to a message for an agent whose last turn was interrupted because a budget was spent. */
export function addBudgetNoteToMessage({ turns, profile }: Agent, text: string): string {
  const last = turns.at(-1)
  if (last?.spent === undefined || last.outcome.type === 'completed') return text
  const { message } = createBudgetFailure(last.spent, profile.id)
  return `Note: your last turn was interrupted because ${message}. There is more now.\n\n${text}`
}

/** Returns the failure of a provider whose costs are unknown, for a launch that only a budget in dollars limits. */
export function findUnknownCostFailure(
  state: AgentsState,
  profile: AgentBudgetLinks & Pick<AgentProfile, 'budget'>,
  { id, abilities }: { id: string; abilities: Pick<DriverAbilities, 'costs'> },
): Failure | undefined {
  if (abilities.costs) return undefined
  const budgets = [profile, ...listLaunchersOfAgent(state, profile).map((launcher) => launcher.profile)].map(
    ({ budget }) => budget,
  )
  if (!budgets.some((given) => given && doesBudgetLimitOnlyCosts(given))) return undefined
  return {
    reason: 'bad-request',
    message: `the cost of ${id} is unknown, so a budget of usd alone cannot be kept`,
    hint: 'limit tokens or minutes too, or launch another provider',
  }
}

import type { Budget } from '@subagent-mcp/api'
import type { TurnUsage } from '@subagent-mcp/contract'

/** A budget that is spent: which of its limits, how much was used, and the agent that was launched with the budget. */
export type SpentBudget = {
  limit: keyof Budget
  most: number
  used: number
  /** For `usd`: the number of turns whose cost is not known and not counted. */
  unpriced?: number
  agentId: string
}

/** The turns of a deleted agent, which still count for the budgets of others and of the day. */
export type DeletedAgentTurns = { id: string; origin?: readonly string[]; turns: readonly TurnTimeAndUsage[] }

/** The time and usage of a turn. A turn without `endedAt` runs. `account`: the named account that it used. */
export type TurnTimeAndUsage = {
  provider: string
  account?: string
  startedAt: number
  endedAt?: number
  usage?: TurnUsage
}

/** The user's limits on the use of each provider's account by agents. */
export type AccountBudgets = {
  /** The most that all agents on an account may use on one local day. The key is an account's name, or a provider for its default account. */
  day: Readonly<Record<string, Pick<Budget, 'usd' | 'tokens'>>>
  /**
   * The percentage of an account's limits that agents leave to the user: of each limit, or by the name of the limit, as in
   * `{ "seven_day": 30 }`. The keys are those of `day`.
   */
  reserve: Readonly<Record<string, number | Readonly<Record<string, number>>>>
}

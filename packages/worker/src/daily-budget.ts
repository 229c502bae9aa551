import { formatLocalDate, type TurnUsage } from '@subagent-mcp/contract'
import type { SpentWorkerBudget } from './worker-memory.js'

/** The most that a worker's turns may cost on one local day. */
export type DailyBudget = { usd?: number; tokens?: number }

/** Calendar days in the user's time zone. */
export type DayCalendar = {
  /** The day of a time, as `YYYY-MM-DD`. */
  day(at: number): string
  /** Returns the time at which the next day begins. */
  nextDay(at: number): number
}

/** The machine's time zone, whose days may have 23 or 25 hours. */
export const localDayCalendar: DayCalendar = {
  day: formatLocalDate,
  nextDay: (at) => {
    const date = new Date(at)
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
  },
}

/** Adds the cost of a worker's turn to its day. `told`: the turn ended normally, so no figure can follow. */
export function addTurnCostToDay(
  spent: SpentWorkerBudget | undefined,
  turn: { day: string; usage?: TurnUsage; told: boolean },
): SpentWorkerBudget {
  const before = spent?.day === turn.day ? spent : { ...nothing, day: turn.day }
  const { costUsd, inputTokens, outputTokens } = turn.usage ?? {}
  const counted = inputTokens !== undefined || outputTokens !== undefined
  return {
    ...before,
    turns: before.turns + 1,
    usd: before.usd + (costUsd ?? 0),
    tokens: before.tokens + (inputTokens ?? 0) + (outputTokens ?? 0),
    withoutUsd: before.withoutUsd + (turn.told && costUsd === undefined ? 1 : 0),
    withoutTokens: before.withoutTokens + (turn.told && !counted ? 1 : 0),
  }
}

/**
 * Returns why the budget allows no further turn on a day, or `undefined`. A budget whose figure the provider does not
 * report is used up by the first turn, because costs would be unlimited otherwise.
 */
export function explainSpentBudget(
  budget: DailyBudget,
  { spent, day }: { spent?: SpentWorkerBudget; day: string },
): string | undefined {
  if (spent?.day !== day) return undefined
  const { usd, tokens } = budget
  if (usd !== undefined && spent.usd >= usd)
    return `the day's budget is spent: ${spent.usd.toFixed(2)} of ${usd.toFixed(2)} USD`
  if (tokens !== undefined && spent.tokens >= tokens)
    return `the day's budget is spent: ${String(spent.tokens)} of ${String(tokens)} tokens`
  if (usd !== undefined && spent.withoutUsd > 0)
    return 'the provider does not say what a turn costs, so a budget in USD cannot be kept; set one in tokens'
  if (tokens !== undefined && spent.withoutTokens > 0)
    return 'the provider does not say how many tokens a turn takes, so a budget in tokens cannot be kept'
  return undefined
}

const nothing = { turns: 0, usd: 0, tokens: 0, withoutUsd: 0, withoutTokens: 0 }

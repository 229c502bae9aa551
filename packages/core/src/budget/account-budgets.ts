import type { Abilities, AccountLimit, Failure } from '@subagent-mcp/contract'
import type { AccountLimits, AgentsState } from '../state/agents-state.js'
import { amountText, limitsCostsOnly } from './budget.js'
import { addTurns, spentTurns, type Spending } from './spending.js'

/**
 * Returns why agents may not use a provider's account now: the budget of the day is spent, its cost cannot be known, or the user's
 * reserve is reached. `undefined` if they may.
 */
export function accountBudgetFailure(
  state: AgentsState,
  { id, abilities }: { id: string; abilities: Pick<Abilities, 'costs'> },
  now: number,
): Failure | undefined {
  return dayFailure(state, { id, abilities }, now) ?? reserveFailure(state, id, now)
}

/** Returns the failure of a provider whose budget of the local day is spent, or cannot be kept. */
export function dayFailure(
  state: AgentsState,
  { id, abilities }: { id: string; abilities: Pick<Abilities, 'costs'> },
  now: number,
): Failure | undefined {
  const budget = state.limits.budgets?.day[id]
  if (!budget) return undefined
  const place = `budgets.day.${id} of config.jsonc`
  if (limitsCostsOnly(budget) && !abilities.costs)
    return {
      reason: 'budget-spent',
      message: `the cost of ${id} is unknown, so its budget of the day in usd cannot be kept`,
      hint: `limit tokens in ${place}`,
    }
  const next = startOfDay(now, 1)
  const used = spentToday(state, id, now)
  const limit = (['tokens', 'usd'] as const).find((name) => used[name] >= (budget[name] ?? Infinity))
  if (!limit) return undefined
  const most = amountText(limit, budget[limit] ?? 0)
  return {
    reason: 'budget-spent',
    message: `the day's budget of ${most} for ${id} is spent: ${amountText(limit, used[limit])} used`,
    hint: `wait until tomorrow, or raise ${place}`,
    resetsAt: next,
  }
}

/** What agents on a provider have used on the local day of `now`, running turns included. */
function spentToday({ agents, deleted }: AgentsState, id: string, now: number): Spending {
  const midnight = startOfDay(now, 0)
  const all = [
    ...[...agents.values()].flatMap(spentTurns),
    ...[...deleted.values()].flatMap(({ turns }) => turns),
  ]
  return addTurns(
    all.filter(({ provider, endedAt = now }) => provider === id && endedAt >= midnight),
    now,
  )
}

/** Lists the user's budgets of the local day, with what agents have used of them. `resetsAt` is the next midnight. */
export function dayBudgets(state: AgentsState, now: number): readonly DayBudgetState[] {
  return Object.entries(state.limits.budgets?.day ?? {}).flatMap(([provider, budget]) => {
    const { unpriced, ...used } = spentToday(state, provider, now)
    return (['usd', 'tokens'] as const).flatMap((limit) => {
      const most = budget[limit]
      if (most === undefined) return []
      const unknown = limit === 'usd' && unpriced > 0 ? { unpriced } : {}
      return [{ provider, limit, most, used: used[limit], resetsAt: startOfDay(now, 1), ...unknown }]
    })
  })
}

/** A budget of the day. `unpriced`: the number of turns whose cost is unknown, and not in `used`. */
export type DayBudgetState = {
  provider: string
  limit: 'usd' | 'tokens'
  most: number
  used: number
  unpriced?: number
  resetsAt: number
}

/** The beginning of a day in the time zone of this machine, `days` after the day of `now`, in Unix milliseconds. */
function startOfDay(now: number, days: number): number {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
}

function reserveFailure(
  { limits, accountLimits }: AgentsState,
  id: string,
  now: number,
): Failure | undefined {
  const reserve = limits.budgets?.reserve[id]
  if (reserve === undefined) return undefined
  for (const { name, usedPercent, resetsAt } of currentLimits(accountLimits, id, now)) {
    const kept = typeof reserve === 'number' ? reserve : reserve[name]
    const left = 100 - usedPercent
    if (kept === undefined || left > kept) continue
    return {
      reason: 'rate-limited',
      message: `${id} has ${percent(left)} of its ${name} limit left, and ${percent(kept)} are reserved`,
      hint: `lower budgets.reserve.${id} in config.jsonc`,
      ...(resetsAt !== undefined && { resetsAt }),
    }
  }
  return undefined
}

/** The share of a provider's account limits that is left, as `45 % of seven_day, 80 % of five_hour`; `undefined` if it is not known. */
export function headroomText(known: AccountLimits, provider: string, now: number): string | undefined {
  const limits = currentLimits(known, provider, now).toSorted(
    (one, other) => other.usedPercent - one.usedPercent,
  )
  if (limits.length === 0) return undefined
  return limits.map(({ name, usedPercent }) => `${percent(100 - usedPercent)} of ${name}`).join(', ')
}

/** The reported limits of a provider whose used share is known, without those that have been reset since. */
function currentLimits(
  known: AccountLimits,
  provider: string,
  now: number,
): readonly (AccountLimit & { usedPercent: number })[] {
  return [...(known.get(provider)?.values() ?? [])].flatMap((limit) => {
    const { usedPercent, resetsAt = Infinity } = limit
    return usedPercent === undefined || resetsAt <= now ? [] : [{ ...limit, usedPercent }]
  })
}

function percent(share: number): string {
  return `${Math.max(0, Math.round(share * 10) / 10)} %`
}

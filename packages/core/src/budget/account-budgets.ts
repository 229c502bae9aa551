import type { DriverAbilities, AccountLimit, Failure } from '@subagent-mcp/contract'
import { describeAccount, type AccountReference } from '../accounts/named-accounts.js'
import type { AccountLimits, AgentsState } from '../state/agents-state.js'
import { formatBudgetAmount, doesBudgetLimitOnlyCosts } from './budget.js'
import { sumTurnUsage, listBudgetTurns, type TurnUsageSum } from './turn-usage-sum.js'

/** An account, and whether the cost of its turns is known. */
export type BudgetedAccount = AccountReference & { abilities: Pick<DriverAbilities, 'costs'> }

/**
 * Returns why agents may not use an account now: the budget of the day is spent, its cost cannot be known, or the user's
 * reserve is reached. `undefined` if they may.
 */
export function findAccountBudgetFailure(
  state: AgentsState,
  account: BudgetedAccount,
  now: number,
): Failure | undefined {
  return findDayBudgetFailure(state, account, now) ?? reserveFailure(state, account, now)
}

/** Returns the failure of an account whose budget of the local day is spent, or cannot be kept. */
export function findDayBudgetFailure(
  state: AgentsState,
  used: BudgetedAccount,
  now: number,
): Failure | undefined {
  const { name, abilities } = used
  const budget = state.limits.budgets?.day[name]
  if (!budget) return undefined
  const place = `budgets.day.${name} of config.jsonc`
  if (doesBudgetLimitOnlyCosts(budget) && !abilities.costs)
    return {
      reason: 'budget-spent',
      message: `the cost of ${describeAccount(used)} is unknown, so its budget of the day in usd cannot be kept`,
      hint: `limit tokens in ${place}`,
    }
  const next = startOfDay(now, 1)
  const spent = spentToday(state, name, now)
  const limit = (['tokens', 'usd'] as const).find((key) => spent[key] >= (budget[key] ?? Infinity))
  if (!limit) return undefined
  const most = formatBudgetAmount(limit, budget[limit] ?? 0)
  return {
    reason: 'budget-spent',
    message: `the day's budget of ${most} for ${describeAccount(used)} is spent: ${formatBudgetAmount(limit, spent[limit])} used`,
    hint: `wait until tomorrow, or raise ${place}`,
    resetsAt: next,
  }
}

/** Sums what agents on an account have used on the local day of `now`, running turns included. */
function spentToday({ agents, deleted }: AgentsState, name: string, now: number): TurnUsageSum {
  const midnight = startOfDay(now, 0)
  const all = [
    ...[...agents.values()].flatMap(listBudgetTurns),
    ...[...deleted.values()].flatMap(({ turns }) => turns),
  ]
  return sumTurnUsage(
    all.filter(({ provider, account = provider, endedAt = now }) => account === name && endedAt >= midnight),
    now,
  )
}

/** Lists the user's budgets of the local day, with what agents have used of them. `resetsAt` is the next midnight. */
export function listDayBudgets(state: AgentsState, now: number): readonly DayBudgetState[] {
  return Object.entries(state.limits.budgets?.day ?? {}).flatMap(([account, budget]) => {
    const { unpriced, ...used } = spentToday(state, account, now)
    return (['usd', 'tokens'] as const).flatMap((limit) => {
      const most = budget[limit]
      if (most === undefined) return []
      const unknown = limit === 'usd' && unpriced > 0 ? { unpriced } : {}
      return [{ account, limit, most, used: used[limit], resetsAt: startOfDay(now, 1), ...unknown }]
    })
  })
}

/** A budget of the day of an account: its name, or the provider's id for the default one. `unpriced`: the number of turns whose cost is unknown, and not in `used`. */
export type DayBudgetState = {
  account: string
  limit: 'usd' | 'tokens'
  most: number
  used: number
  unpriced?: number
  resetsAt: number
}

/**
 * A usage limit of an account as the CLI reported it last, unless the limit has been reset since. `reservedPercent`: the part that the
 * user keeps.
 */
export type AccountLimitState = AccountLimit & { account: string; reservedPercent?: number }

export function listAccountLimitStates(
  { accountLimits, limits }: AgentsState,
  now: number,
): readonly AccountLimitState[] {
  return [...accountLimits].flatMap(([account, known]) =>
    [...known.values()]
      .filter(({ resetsAt = Infinity }) => resetsAt > now)
      .map((limit) => {
        const reserve = limits.budgets?.reserve[account]
        const reservedPercent = typeof reserve === 'number' ? reserve : reserve?.[limit.name]
        return { account, ...limit, ...(reservedPercent !== undefined && { reservedPercent }) }
      }),
  )
}

/** The beginning of a day in the time zone of this machine, `days` after the day of `now`, in Unix milliseconds. */
function startOfDay(now: number, days: number): number {
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
}

function reserveFailure(
  { limits, accountLimits }: AgentsState,
  used: AccountReference,
  now: number,
): Failure | undefined {
  const reserve = limits.budgets?.reserve[used.name]
  if (reserve === undefined) return undefined
  for (const { name, usedPercent, resetsAt } of currentLimits(accountLimits, used.name, now)) {
    const kept = typeof reserve === 'number' ? reserve : reserve[name]
    const left = 100 - usedPercent
    if (kept === undefined || left > kept) continue
    return {
      reason: 'rate-limited',
      message: `${describeAccount(used)} has ${percent(left)} of its ${name} limit left, and ${percent(kept)} are reserved`,
      hint: `lower budgets.reserve.${used.name} in config.jsonc`,
      ...(resetsAt !== undefined && { resetsAt }),
    }
  }
  return undefined
}

/** The share of an account's limits that is left, as `45 % of seven_day, 80 % of five_hour`; `undefined` if it is not known. */
export function formatAccountHeadroom(
  known: AccountLimits,
  account: string,
  now: number,
): string | undefined {
  const limits = currentLimits(known, account, now).toSorted(
    (one, other) => other.usedPercent - one.usedPercent,
  )
  if (limits.length === 0) return undefined
  return limits.map(({ name, usedPercent }) => `${percent(100 - usedPercent)} of ${name}`).join(', ')
}

/** The reported limits of an account whose used share is known, without those that have been reset since. */
function currentLimits(
  known: AccountLimits,
  account: string,
  now: number,
): readonly (AccountLimit & { usedPercent: number })[] {
  return [...(known.get(account)?.values() ?? [])].flatMap((limit) => {
    const { usedPercent, resetsAt = Infinity } = limit
    return usedPercent === undefined || resetsAt <= now ? [] : [{ ...limit, usedPercent }]
  })
}

function percent(share: number): string {
  return `${Math.max(0, Math.round(share * 10) / 10)} %`
}

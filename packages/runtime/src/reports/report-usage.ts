import type { UsageReport } from '@subagent-mcp/api'
import { accountLimitStates, listDayBudgets, type Supervisor } from '@subagent-mcp/core'
import type { UsageGrouping } from '@subagent-mcp/contract'
import type { UsageGroup, UsageTable } from '@subagent-mcp/journal'

/** By which key usage is summed, and the first local day, as `2026-11-21`. Default: by provider, and all days. */
export type UsageRequest = { by?: UsageGrouping; since?: string }

/** Reports what turns have used, with the limits and budgets of accounts now. */
export function reportUsage(
  { by = 'provider', since }: UsageRequest,
  { table, supervisor }: { table: UsageTable; supervisor: Supervisor },
): UsageReport {
  const range = since === undefined ? {} : { since }
  const { groups, omitted, total } = table.sum({ by, ...range })
  const [state, now] = [supervisor.state(), supervisor.clock.now()]
  return {
    by,
    ...range,
    groups: groups.map(knownAmounts),
    omitted,
    total: knownAmounts(total),
    limits: [...accountLimitStates(state, now)],
    budgets: [...listDayBudgets(state, now)],
  }
}

/** A group without the amounts that no turn reported. */
function knownAmounts(group: UsageGroup): UsageReport['groups'][number] {
  const { inputTokensTurns, cachedInputTokensTurns, outputTokensTurns, costUsdTurns, ...amounts } = group
  const { inputTokens, cachedInputTokens, outputTokens, costUsd, name, ...rest } = amounts
  return {
    ...rest,
    ...(name && { name }),
    ...(inputTokensTurns > 0 && { inputTokens }),
    ...(cachedInputTokensTurns > 0 && { cachedInputTokens }),
    ...(outputTokensTurns > 0 && { outputTokens }),
    ...(costUsdTurns > 0 && { costUsd }),
    turnsWithoutTokens: rest.turns - Math.max(inputTokensTurns, outputTokensTurns),
    turnsWithoutCost: rest.turns - costUsdTurns,
  }
}

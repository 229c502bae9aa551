import type { TokenUsageQuery, TokenUsageReport } from '@subagent-mcp/api'
import { accountLimitStates, listDayBudgets, type Supervisor } from '@subagent-mcp/core'
import type { UsageGroup, UsageTable } from '@subagent-mcp/journal'

/** Reports the tokens and costs of turns, by default of all days by provider, with the limits and budgets of accounts now. */
export function reportTokenUsage(
  { by = 'provider', since }: TokenUsageQuery,
  { table, supervisor }: { table: UsageTable; supervisor: Supervisor },
): TokenUsageReport {
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
function knownAmounts(group: UsageGroup): TokenUsageReport['groups'][number] {
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

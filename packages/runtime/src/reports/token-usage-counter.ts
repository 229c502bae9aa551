import type { TokenUsageQuery, TokenUsageReport } from '@subagent-mcp/api'
import { createDebouncedCall } from '@subagent-mcp/contract'
import {
  findAgentAccount,
  listAccountLimitStates,
  listDayBudgets,
  type Agent,
  type Supervisor,
} from '@subagent-mcp/core'
import type { EndedTurnsOfAgent, UsageGroup, UsageTable } from '@subagent-mcp/journal'
import { runAndLogFailure } from '../log-failure.js'

/**
 * Milliseconds until ended turns are counted. Neither the answer of a turn nor a start with thousands of agents waits for it. What a
 * crash leaves uncounted the next runtime counts.
 */
const countedAfter = 500

type Parts = { supervisor: Supervisor; table: UsageTable; log: (line: string) => void }

/** Counts what turns have used soon after they end, so that it outlives their agents. */
export type TokenUsageCounter = {
  /** Soon counts the turns of all known agents that are not counted yet, such as those of a runtime that died. Does not throw. */
  countAll(): void
  /** Reports what turns have used, with the limits and budgets of accounts now. */
  report(request: TokenUsageQuery): TokenUsageReport
  stop(): void
}

export function createTokenUsageCounter({ supervisor, table, log }: Parts): TokenUsageCounter {
  const counted = new Map<string, number>()
  const due = new Map<string, Agent>()
  const countNow = (): void => {
    // After a failure the next count of an agent adds its missing turns.
    runAndLogFailure('cannot count usage', () => table.count([...due.values()].map(agentTurns)), log)
    due.clear()
  }
  const later = createDebouncedCall(supervisor.clock, countedAfter, countNow)
  const countDue = (): void => {
    if (later.cancel()) countNow()
  }
  const unsubscribe = supervisor.subscribe((fact) => {
    if (fact.type === 'agents-pruned') {
      countDue()
      for (const id of fact.agentIds) counted.delete(id)
    }
    const agent = 'agentId' in fact ? supervisor.state().agents.get(fact.agentId) : undefined
    if (!agent || agent.turns.length === (counted.get(agent.profile.id) ?? 0)) return
    counted.set(agent.profile.id, agent.turns.length)
    due.set(agent.profile.id, agent)
    later.request()
  })
  let isStopped = false
  return {
    countAll: () => {
      // Its runtime may have been closed while the agents were taken over.
      if (isStopped) return
      for (const [id, agent] of supervisor.state().agents) if (agent.turns.length > 0) due.set(id, agent)
      later.request()
    },
    report: (request) => {
      countDue()
      return reportTokenUsage(request, { table, supervisor })
    },
    stop: () => {
      isStopped = true
      countDue()
      unsubscribe()
    },
  }
}

function agentTurns({ profile, turns }: Agent): EndedTurnsOfAgent {
  const { id: agentId, launchedAt, name, project, definition } = profile
  return {
    ...{ agentId, launchedAt, project },
    ...(name !== undefined && { name }),
    ...(definition !== undefined && { definition }),
    turnsAfter: (count) =>
      turns.slice(count).map((turn) => ({ ...turn, account: findAgentAccount(profile, turn.provider).name })),
  }
}

/** Reports the tokens and costs of turns, by default of all days by provider, with the limits and budgets of accounts now. */
function reportTokenUsage(
  { by = 'provider', since }: TokenUsageQuery,
  { table, supervisor }: Pick<Parts, 'table' | 'supervisor'>,
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
    limits: [...listAccountLimitStates(state, now)],
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

import type { UsageReport } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import { accountFor, type Agent, type Supervisor } from '@subagent-mcp/core'
import type { EndedTurnsOfAgent, UsageTable } from '@subagent-mcp/journal'
import { reportUsage, type UsageRequest } from './report-usage.js'

type Parts = { supervisor: Supervisor; table: UsageTable; log: (line: string) => void }

/** Counts what turns have used when they end, so that it outlives their agents. */
export type UsageKeeper = {
  /** Counts the turns of all known agents that are not counted yet, such as those of a runtime that died. Does not throw. */
  countAll(): void
  /** Reports what turns have used, with the limits and budgets of accounts now. */
  report(request: UsageRequest): UsageReport
  stop(): void
}

export function createUsageKeeper({ supervisor, table, log }: Parts): UsageKeeper {
  const count = (agents: readonly Agent[]): void => {
    try {
      table.count(agents.map(agentTurns))
    } catch (error) {
      // The next count of this agent adds the missing turns.
      if (!(error instanceof SubagentError)) throw error
      log(`cannot count usage: ${error.message}`)
    }
  }
  const counted = new Map<string, number>()
  return {
    countAll: () => {
      count([...supervisor.state().agents.values()].filter(({ turns }) => turns.length > 0))
    },
    report: (request) => reportUsage(request, { table, supervisor }),
    stop: supervisor.subscribe((fact) => {
      if (fact.type === 'agents-pruned') for (const id of fact.agentIds) counted.delete(id)
      const agent = 'agentId' in fact ? supervisor.state().agents.get(fact.agentId) : undefined
      if (!agent || agent.turns.length === (counted.get(agent.profile.id) ?? 0)) return
      counted.set(agent.profile.id, agent.turns.length)
      count([agent])
    }),
  }
}

function agentTurns({ profile, turns }: Agent): EndedTurnsOfAgent {
  const { id: agentId, launchedAt, name, project, definition } = profile
  return {
    ...{ agentId, launchedAt, project },
    ...(name !== undefined && { name }),
    ...(definition !== undefined && { definition }),
    turns: turns.map((turn) => ({ ...turn, account: accountFor(profile, turn.provider).name })),
  }
}

import type { DeletedAgentTurns, TurnTimeAndUsage } from './spent-budget.js'
import type { Budget } from '@subagent-mcp/api'
import type { Agent, AgentProfile } from '../agent/agent.js'
import { isAgentInTurn } from '../agent/agent-view.js'
import type { AgentsState } from '../state/agents-state.js'

/** The usage of several turns. `unpriced`: the number of ended turns with an unknown cost, which is not in `usd`. */
export type TurnUsageSum = Required<Budget> & { unpriced: number }

/** The turns of an agent, the running one too. */
export function listBudgetTurns({ turns, phase, route, profile }: Agent): readonly TurnTimeAndUsage[] {
  const all = isAgentInTurn(phase) ? [...turns, phase.turn] : turns
  return all.map((turn) => {
    const provider = 'provider' in turn ? turn.provider : route.current.provider
    const account = profile.accounts?.[provider]
    return {
      ...{ provider, startedAt: turn.startedAt },
      ...(account !== undefined && { account }),
      ...('endedAt' in turn && { endedAt: turn.endedAt }),
      ...(turn.usage && { usage: turn.usage }),
    }
  })
}

/** Sums what turns have used until a time (Unix ms). Minutes in which several turns run count once. */
export function sumTurnUsage(turns: readonly TurnTimeAndUsage[], at: number): TurnUsageSum {
  const used = turns.map(({ usage = {} }) => usage)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    usd: sum(used.map(({ costUsd = 0 }) => costUsd)),
    tokens: sum(used.map(({ inputTokens = 0, outputTokens = 0 }) => inputTokens + outputTokens)),
    minutes: busyTime(turns, at) / 60_000,
    unpriced: turns.filter(({ endedAt, usage }) => endedAt !== undefined && usage?.costUsd === undefined)
      .length,
  }
}

/** The milliseconds until `at` in which at least one turn ran. */
function busyTime(turns: readonly TurnTimeAndUsage[], at: number): number {
  const spans = turns.toSorted((one, other) => one.startedAt - other.startedAt)
  let busy = 0
  let until = -Infinity
  for (const { startedAt, endedAt = at } of spans) {
    busy += Math.max(0, endedAt - Math.max(startedAt, until))
    until = Math.max(until, endedAt)
  }
  return busy
}

/** The fields of an agent that decide whose budgets its usage counts for: its launchers, and the agent that it reviews. */
export type AgentBudgetLinks = Pick<AgentProfile, 'origin' | 'reviewOf'>

/** The names of the processes that launched an agent, with the agent whose work it reviews. */
function launcherNames({ origin = [], reviewOf }: AgentBudgetLinks): readonly string[] {
  return reviewOf === undefined ? origin : [...origin, reviewOf]
}

/**
 * The agents that launched an agent or have their work reviewed by it, directly or through others, nearest first. An agent that was
 * launched from a process which several sessions share belongs to each of them, because they cannot be distinguished.
 */
export function listLaunchersOfAgent(state: AgentsState, charged: AgentBudgetLinks): readonly Agent[] {
  const found = new Map<string, Agent>()
  const visit = (names: readonly string[]): void => {
    for (const name of names) {
      const agent = state.agents.get(name)
      if (agent && !found.has(name)) found.set(name, agent)
      visit(launcherNames(agent?.profile ?? state.deleted.get(name) ?? {}))
    }
  }
  visit(launcherNames(charged))
  return [...found.values()]
}

/** An agent with all agents that it launched and those that reviewed its work, directly or through others. */
export function collectAgentWithDescendants(
  state: AgentsState,
  root: Agent,
): { open: readonly Agent[]; turns: readonly TurnTimeAndUsage[] } {
  const { id } = root.profile
  const isInTree = (charged: AgentBudgetLinks): boolean =>
    launcherNames(charged).some(
      (name) => name === id || isInTree(state.agents.get(name)?.profile ?? state.deleted.get(name) ?? {}),
    )
  const launched = [...state.agents.values()].filter(({ profile }) => isInTree(profile))
  const deleted = [...state.deleted.values()].filter(isInTree)
  const agents = [root, ...launched]
  return {
    open: agents.filter(({ phase }) => phase.status !== 'ended'),
    turns: [...agents.flatMap(listBudgetTurns), ...deleted.flatMap(({ turns }) => turns)],
  }
}

/** The deleted agents whose turns still count after a deletion of agents. Those of earlier days are dropped. */
export function collectSpendingOfDeletedAgents(
  state: AgentsState,
  { agentIds, at }: { agentIds: readonly string[]; at: number },
): AgentsState['deleted'] {
  const isOver = (agent: DeletedAgentTurns): boolean => !countsFor(state, agent, at)
  const kept = agentIds.flatMap((id): [string, DeletedAgentTurns][] => {
    const agent = state.agents.get(id)
    if (!agent) return []
    const origin = launcherNames(agent.profile)
    const deleted = { id, ...(origin.length > 0 && { origin }), turns: listBudgetTurns(agent) }
    return isOver(deleted) ? [] : [[id, deleted]]
  })
  return kept.length === 0 ? state.deleted : state.deleted.skipWhile(isOver).concat(kept)
}

/** Whether the turns of a deleted agent count for the budget of the day, or of an agent that launched it. */
function countsFor(state: AgentsState, agent: DeletedAgentTurns, at: number): boolean {
  const day = state.limits.budgets?.day ?? {}
  return (
    agent.turns.some(
      ({ provider, account = provider, endedAt = at }) => day[account] && endedAt > at - longestDay,
    ) ||
    (agent.turns.length > 0 && listLaunchersOfAgent(state, agent).some(({ profile }) => profile.budget))
  )
}

/** The longest local day, in milliseconds: one with 25 hours. */
const longestDay = 25 * 60 * 60 * 1000

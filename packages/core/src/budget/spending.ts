import type { DeletedAgent, SpentTurn } from './spent.js'
import type { Budget } from '@subagent-mcp/api'
import type { Agent, AgentProfile } from '../agent/agent.js'
import { isInTurn } from '../agent/agent-view.js'
import type { AgentsState } from '../state/agents-state.js'

/** What turns have used. `unpriced` is the number of ended turns whose cost is not known: their cost is not in `usd`. */
export type Spending = Required<Budget> & { unpriced: number }

/** The turns of an agent, the running one too. */
export function spentTurns({ turns, phase, route, profile }: Agent): readonly SpentTurn[] {
  const all = isInTurn(phase) ? [...turns, phase.turn] : turns
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

/** What turns have used together at a moment (Unix ms). Minutes in which several turns run count once. */
export function addTurns(turns: readonly SpentTurn[], at: number): Spending {
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
function busyTime(turns: readonly SpentTurn[], at: number): number {
  const spans = turns.toSorted((one, other) => one.startedAt - other.startedAt)
  let busy = 0
  let until = -Infinity
  for (const { startedAt, endedAt = at } of spans) {
    busy += Math.max(0, endedAt - Math.max(startedAt, until))
    until = Math.max(until, endedAt)
  }
  return busy
}

/**
 * The agents that launched an agent, directly or through others, nearest first. An agent that was launched from a process which
 * several sessions share belongs to each of them, because they cannot be distinguished.
 */
export function launchersOf(
  state: AgentsState,
  { origin = [] }: Pick<AgentProfile, 'origin'>,
): readonly Agent[] {
  const found = new Map<string, Agent>()
  const visit = (names: readonly string[]): void => {
    for (const name of names) {
      const agent = state.agents.get(name)
      if (agent && !found.has(name)) found.set(name, agent)
      if (agent ?? state.deleted.get(name)) visit((agent?.profile ?? state.deleted.get(name))?.origin ?? [])
    }
  }
  visit(origin)
  return [...found.values()]
}

/** An agent with all agents that it launched, directly or through others. */
export function treeOf(
  state: AgentsState,
  root: Agent,
): { open: readonly Agent[]; turns: readonly SpentTurn[] } {
  const { id } = root.profile
  const isInTree = (origin: readonly string[] = []): boolean =>
    origin.some(
      (name) => name === id || isInTree((state.agents.get(name)?.profile ?? state.deleted.get(name))?.origin),
    )
  const launched = [...state.agents.values()].filter(({ profile }) => isInTree(profile.origin))
  const deleted = [...state.deleted.values()].filter(({ origin }) => isInTree(origin))
  const agents = [root, ...launched]
  return {
    open: agents.filter(({ phase }) => phase.status !== 'ended'),
    turns: [...agents.flatMap(spentTurns), ...deleted.flatMap(({ turns }) => turns)],
  }
}

/** The deleted agents whose turns still count after a deletion of agents. Those of earlier days are dropped. */
export function keepSpending(
  state: AgentsState,
  { agentIds, at }: { agentIds: readonly string[]; at: number },
): AgentsState['deleted'] {
  const isOver = (agent: DeletedAgent): boolean => !countsFor(state, agent, at)
  const kept = agentIds.flatMap((id): [string, DeletedAgent][] => {
    const agent = state.agents.get(id)
    if (!agent) return []
    const { origin } = agent.profile
    const deleted = { id, ...(origin && { origin }), turns: spentTurns(agent) }
    return isOver(deleted) ? [] : [[id, deleted]]
  })
  return kept.length === 0 ? state.deleted : state.deleted.skipWhile(isOver).concat(kept)
}

/** Whether the turns of a deleted agent count for the budget of the day, or of an agent that launched it. */
function countsFor(state: AgentsState, agent: DeletedAgent, at: number): boolean {
  const day = state.limits.budgets?.day ?? {}
  return (
    agent.turns.some(
      ({ provider, account = provider, endedAt = at }) => day[account] && endedAt > at - longestDay,
    ) ||
    (agent.turns.length > 0 && launchersOf(state, agent).some(({ profile }) => profile.budget))
  )
}

/** The longest local day, in milliseconds: one with 25 hours. */
const longestDay = 25 * 60 * 60 * 1000

import type { RouteCandidate } from '@subagent-mcp/routing'
import { admitNextWaitingAgent, reservePoolSession } from '../capacity/admit-next-waiting-agent.js'
import { computeBudgetEffects } from '../budget/budget-effects.js'
import { collectSpendingOfDeletedAgents } from '../budget/turn-usage-sum.js'
import { findAgentAccount } from '../accounts/named-accounts.js'
import type { Agent, EndedTurn } from '../agent/agent.js'
import { isAgentResumable } from '../agent/agent-view.js'
import { hasOpenWaitTicket } from '../agent/agent-wait-ticket.js'
import { findUsageLimitEnding } from '../limits/usage-limit-ending.js'
import type { Effect } from './effect.js'
import type { AgentFact, Fact } from './fact.js'
import type { CallerState, AgentsState } from './agents-state.js'
import { updateAccountLimits } from './account-limits.js'
import { computeQuestionEffects } from '../questions/question-effects.js'
import { reduceOpenWaits } from './open-waits.js'
import { createAgent, reduceAgent } from '../agent/reduce-agent.js'

/** The state of all agents after a fact, and the effects to run. */
export type AgentsTransition = readonly [AgentsState, ...Effect[]]

/** Applies a fact to the state of all agents, and admits a waiting one. Pure: no clock, ids or calls. */
export function reduceAgents(state: AgentsState, fact: Fact): AgentsTransition {
  const [next, ...effects] = applyFactWithoutAdmission(state, fact)
  const mayMakeRoom =
    next.queue !== state.queue ||
    fact.type === 'machine-measured' ||
    fact.type === 'pool-changed' ||
    hasAgentPhaseChanged(state, next, fact)
  const ofBudgets = computeBudgetEffects(state, next, fact)
  return [next, ...effects, ...ofBudgets, ...(mayMakeRoom ? admitNextWaitingAgent(next, fact.at) : [])]
}

/** Applies a fact, and admits no waiting agent. Used to replay facts of the past. */
export function applyFactWithoutAdmission(state: AgentsState, fact: Fact): AgentsTransition {
  switch (fact.type) {
    case 'caller-connected':
      return [{ ...state, callers: state.callers.set(fact.caller, callerState(fact)) }]
    case 'caller-named':
      return [withVendor(state, fact)]
    case 'caller-disconnected':
      return [withoutCaller(state, fact.caller)]
    case 'host-turn-seen':
    case 'wake-queued':
    case 'wake-withdrawn':
      return [withCaller(state, fact)]
    case 'wait-opened':
    case 'wait-answered':
    case 'wait-closed':
      return [{ ...state, waits: reduceOpenWaits(state.waits, fact) }]
    case 'texts-read':
      return [{ ...state, unreadable: state.unreadable.deleteAll(fact.read).merge(fact.unreadable) }]
    case 'call-opened':
      return [state.agents.has(fact.taskId) ? { ...state, calls: state.calls.add(fact.taskId) } : state]
    case 'call-closed':
      return [{ ...state, calls: state.calls.delete(fact.taskId) }]
    case 'launch-requested':
      return [withAgent(state, createAgent(fact))]
    case 'agent-restored':
      return [withAgent(state, fact.agent)]
    case 'account-limits-restored':
      return [{ ...state, accountLimits: fact.limits }]
    case 'agents-pruned':
      return [withoutAgents(state, fact)]
    case 'machine-measured':
      return [{ ...state, machine: fact.machine }]
    case 'pool-changed':
      return [{ ...state, pool: fact.pool }]
    case 'slot-granted':
      return reduceOne(reservePoolSession(state, fact.agentId), fact)
    case 'spending-kept':
      return [withSpending(state, fact)]
    case 'budget-due':
      return [state]
    case 'drain-started':
      return [{ ...state, draining: true }]
    default:
      return reduceOne(state, fact)
  }
}

function withoutAgents(state: AgentsState, fact: Fact & { type: 'agents-pruned' }): AgentsState {
  return {
    ...state,
    calls: state.calls.subtract(fact.agentIds),
    unreadable: state.unreadable.deleteAll(fact.agentIds),
    deleted: collectSpendingOfDeletedAgents(state, fact),
    agents: state.agents.deleteAll(fact.agentIds),
    open: state.open.deleteAll(fact.agentIds),
    unsettled: state.unsettled.deleteAll(fact.agentIds),
  }
}

function withSpending(state: AgentsState, fact: AgentFact & { type: 'spending-kept' }): AgentsState {
  const { agentId: id, turns, origin } = fact
  return { ...state, deleted: state.deleted.set(id, { id, turns, ...(origin && { origin }) }) }
}

/** Adds the agents of journaled facts to the state. Returns the ids of those that had not ended. */
export function replayFactHistory(
  state: AgentsState,
  history: Iterable<Fact>,
): { adopted: AgentsState; openIds: readonly string[] } {
  let adopted: AgentsState = { ...state, accountLimits: new Map() }
  const seen = new Set<string>()
  for (const fact of history) {
    if (fact.type === 'launch-requested') seen.add(fact.profile.id)
    if (fact.type === 'agent-restored') seen.add(fact.agent.profile.id)
    // The effects are dropped: they were run then, or died with their process.
    ;[adopted] = applyFactWithoutAdmission(adopted, fact)
  }
  const openIds = [...seen].filter((id) => adopted.open.has(id))
  // Agents of the history do not queue, because their supervisor is dead. Known limits are newer than those in the
  // history.
  const queue = adopted.queue.filter((id) => !seen.has(id))
  const accountLimits = new Map([...adopted.accountLimits, ...state.accountLimits])
  return { adopted: { ...adopted, queue, accountLimits }, openIds }
}

/** Whether a fact has changed the status of its agent. */
export function hasAgentPhaseChanged(before: AgentsState, after: AgentsState, fact: Fact): boolean {
  if (!('agentId' in fact)) return false
  return before.agents.get(fact.agentId)?.phase.status !== after.agents.get(fact.agentId)?.phase.status
}

/**
 * Records a turn of a host's session, or counts a turn that no person typed. Only the first call of a typed turn resets the count.
 */
function withCaller(state: AgentsState, fact: SessionFact): AgentsState {
  const caller = state.callers.get(fact.caller)
  if (!caller) return state
  const { turn, wakes = 0 } = caller
  const changed = (change: Partial<CallerState>): AgentsState => ({
    ...state,
    callers: state.callers.set(fact.caller, { ...caller, ...change }),
  })
  switch (fact.type) {
    case 'wake-queued':
      return changed({ wakes: wakes + 1 })
    case 'wake-withdrawn':
      return changed({ wakes: Math.max(0, wakes - 1) })
    case 'host-turn-seen':
      return changed({ turn: fact.turn, ...(fact.turn.isTyped && fact.turn.id !== turn?.id && { wakes: 0 }) })
  }
}

type SessionFact = Fact & { type: 'host-turn-seen' | 'wake-queued' | 'wake-withdrawn' }

/** Removes a disconnected caller and its open waits, because answers to it are not known to have arrived. */
function withoutCaller(state: AgentsState, gone: string): AgentsState {
  const waits = state.waits.filter(({ caller }) => caller !== gone)
  return { ...state, callers: state.callers.delete(gone), waits }
}

function reduceOne(state: AgentsState, fact: AgentFact): AgentsTransition {
  const agent = state.agents.get(fact.agentId)
  if (!agent) return [state]
  const [next, ...effects] = reduceAgent(agent, fact)
  const account = findAgentAccount(agent.profile, speakerOf(agent).provider)
  const accountLimits = updateAccountLimits(state.accountLimits, account.name, fact)
  const heard = accountLimits === state.accountLimits ? state : { ...state, accountLimits }
  if (next === agent) return [heard, ...effects]
  return [
    withAgent(heard, next),
    ...effects,
    ...planExpiry(agent, next, state),
    ...computeQuestionEffects(agent, next),
  ]
}

/** The candidate whose session sent the fact. During a failover this is the candidate that is being replaced. */
function speakerOf({ phase, route }: Agent): RouteCandidate {
  return phase.status === 'switching' ? phase.from : route.current
}

/** Schedules the closing of an agent's session that has become idle, to free its memory. */
function planExpiry(before: Agent, after: Agent, { limits }: AgentsState): Effect[] {
  if (after.phase.status !== 'idle' || before.phase.status === 'idle') return []
  if (after.profile.keepOpen || !isAgentResumable(after)) return []
  const { since } = after.phase
  return [{ type: 'expire-idle', agentId: after.profile.id, since, delay: limits.idleCloseAfter }]
}

function withAgent(state: AgentsState, given: Agent): AgentsState {
  const agent = withoutOldTexts(given)
  const { id } = agent.profile
  const { status } = agent.phase
  const waits = status === 'queued' || status === 'ready'
  const isQueued = state.queue.length > 0 && state.queue.includes(id)
  return {
    ...state,
    agents: state.agents.set(id, agent),
    open: status === 'ended' ? state.open.delete(id) : state.open.set(id, agent),
    unsettled: isSettled(agent) ? state.unsettled.delete(id) : state.unsettled.set(id, agent),
    ...(waits !== isQueued && { queue: requeue(state.queue, id, waits) }),
  }
}

/** Whether an agent has ended for good unless it gets a message, and its launcher has all its reports. */
function isSettled(agent: Agent): boolean {
  const { phase, profile, reports, delivered, parked, tickets } = agent
  if (phase.status !== 'ended' || findUsageLimitEnding(agent) || parked.length > 0) return false
  if ((delivered[profile.caller] ?? 0) < reports.length) return false
  return !hasOpenWaitTicket(tickets)
}

/** Drops the texts that views read from the journal: of all turns but the last, and of all turns of an agent that has ended. */
function withoutOldTexts(agent: Agent): Agent {
  const { turns, phase, activity } = agent
  const isOver = phase.status === 'ended'
  // Earlier turns have lost theirs when a later one ended. An agent may have thousands of them.
  const [older, last] = [turns.at(-2), turns.at(-1)]
  if (older?.text === undefined && !(isOver && last?.text !== undefined)) return agent
  const newest = turns.slice(-2).map((turn) => (turn === last && !isOver ? turn : omitText(turn)))
  const kept = [...turns.slice(0, -2), ...newest]
  // A copy, because the pieces of text here may keep the whole texts alive that they were cut from.
  return { ...agent, turns: kept, ...(isOver && { activity: structuredClone(activity) }) }
}

function omitText({ text: _, ...turn }: EndedTurn): EndedTurn {
  return turn
}

function requeue(queue: readonly string[], id: string, waits: boolean): readonly string[] {
  return waits ? [...queue, id] : queue.filter((other) => other !== id)
}

function callerState({ type: _, at: _at, caller: _caller, ...state }: CallerFact): CallerState {
  return state
}

type CallerFact = Fact & { type: 'caller-connected' }

function withVendor(state: AgentsState, { caller, vendor }: { caller: string; vendor: string }): AgentsState {
  const known = state.callers.get(caller)
  return known ? { ...state, callers: state.callers.set(caller, { ...known, vendor }) } : state
}

import type { Candidate } from '@subagent-mcp/routing'
import { admit, takePlace } from '../capacity/admit.js'
import type { Agent } from '../agent/agent.js'
import { isResumable } from '../agent/agent-view.js'
import type { Effect } from './effect.js'
import type { AgentFact, Fact } from './fact.js'
import type { CallerState, Fleet } from './agents-state.js'
import { noteHealth } from './account-limits.js'
import { questionEffects } from '../questions/question-effects.js'
import { newAgent, reduceAgent } from '../agent/reduce-agent.js'

/** The fleet after a fact, and what is to be done then. */
export type FleetStep = readonly [Fleet, ...Effect[]]

/** What a fact makes of the fleet, and what is to be done then. Reads no clock, makes no id, calls nothing. */
export function reduceFleet(fleet: Fleet, fact: Fact): FleetStep {
  const [next, ...effects] = applyFact(fleet, fact)
  const mayMakeRoom =
    next.queue !== fleet.queue ||
    fact.type === 'machine-measured' ||
    fact.type === 'pool-changed' ||
    changesPhase(fleet, next, fact)
  return [next, ...effects, ...(mayMakeRoom ? admit(next, fact.at) : [])]
}

/** What a fact makes of the fleet, without asking what there is now room for: for facts that are history too. */
export function applyFact(fleet: Fleet, fact: Fact): FleetStep {
  switch (fact.type) {
    case 'caller-connected':
      return [withCaller(fleet, fact.caller, callerState(fact))]
    case 'caller-disconnected':
      return [withoutCaller(fleet, fact.caller)]
    case 'call-opened':
      return [fleet.agents.has(fact.taskId) ? withCall(fleet, fact.taskId) : fleet]
    case 'call-closed':
      return [withoutCalls(fleet, [fact.taskId])]
    case 'launch-requested':
      return [withAgent(fleet, newAgent(fact))]
    case 'agents-pruned':
      return [
        {
          ...withoutCalls(fleet, fact.agentIds),
          agents: fleet.agents.deleteAll(fact.agentIds),
          open: fleet.open.deleteAll(fact.agentIds),
        },
      ]
    case 'machine-measured':
      return [{ ...fleet, machine: fact.machine }]
    case 'pool-changed':
      return [{ ...fleet, pool: fact.pool }]
    case 'slot-granted':
      return reduceOne(takePlace(fleet, fact.agentId), fact)
    case 'drain-started':
      return [{ ...fleet, draining: true }]
    default:
      return reduceOne(fleet, fact)
  }
}

/** Whether a fact moved its agent from one status to another. */
export function changesPhase(before: Fleet, after: Fleet, fact: Fact): boolean {
  if (!('agentId' in fact)) return false
  return before.agents.get(fact.agentId)?.phase.status !== after.agents.get(fact.agentId)?.phase.status
}

function reduceOne(fleet: Fleet, fact: AgentFact): FleetStep {
  const agent = fleet.agents.get(fact.agentId)
  if (!agent) return [fleet]
  const [next, ...effects] = reduceAgent(agent, fact)
  const health = noteHealth(fleet.health, speakerOf(agent).provider, fact)
  const heard = health === fleet.health ? fleet : { ...fleet, health }
  if (next === agent) return [heard, ...effects]
  return [
    withAgent(heard, next),
    ...effects,
    ...planExpiry(agent, next, fleet),
    ...questionEffects(agent, next),
  ]
}

/** Whose words a fact holds: a candidate that is being left may still speak. */
function speakerOf({ phase, route }: Agent): Candidate {
  return phase.status === 'switching' ? phase.from : route.current
}

/** A session that has just become idle gives its memory back after a while. */
function planExpiry(before: Agent, after: Agent, { limits }: Fleet): Effect[] {
  if (after.phase.status !== 'idle' || before.phase.status === 'idle') return []
  if (after.profile.keepOpen || !isResumable(after)) return []
  const { since } = after.phase
  return [{ type: 'expire-idle', agentId: after.profile.id, since, delay: limits.idleCloseAfter }]
}

function withAgent(fleet: Fleet, agent: Agent): Fleet {
  const { id } = agent.profile
  const { status } = agent.phase
  const waits = status === 'queued' || status === 'ready'
  const isQueued = fleet.queue.length > 0 && fleet.queue.includes(id)
  return {
    ...fleet,
    agents: fleet.agents.set(id, agent),
    open: status === 'ended' ? fleet.open.delete(id) : fleet.open.set(id, agent),
    ...(waits !== isQueued && { queue: requeue(fleet.queue, id, waits) }),
  }
}

function requeue(queue: readonly string[], id: string, waits: boolean): readonly string[] {
  return waits ? [...queue, id] : queue.filter((other) => other !== id)
}

function withoutCaller(fleet: Fleet, id: string): Fleet {
  const callers = new Map(fleet.callers)
  callers.delete(id)
  return { ...fleet, callers }
}

function withCall(fleet: Fleet, taskId: string): Fleet {
  return { ...fleet, calls: new Set(fleet.calls).add(taskId) }
}

function withoutCalls(fleet: Fleet, taskIds: readonly string[]): Fleet {
  return { ...fleet, calls: new Set([...fleet.calls].filter((id) => !taskIds.includes(id))) }
}

function callerState(fact: Fact & { type: 'caller-connected' }): CallerState {
  const { project, depth, authority, process, folder, terminal, attended } = fact
  return {
    ...{ project, depth, authority },
    ...(process && { process }),
    ...(folder !== undefined && { folder }),
    ...(terminal && { terminal }),
    ...(attended && { attended }),
  }
}

function withCaller(fleet: Fleet, id: string, caller: CallerState): Fleet {
  return { ...fleet, callers: new Map(fleet.callers).set(id, caller) }
}

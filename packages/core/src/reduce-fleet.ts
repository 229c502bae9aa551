import type { Candidate } from '@subagent-mcp/routing'
import type { Agent } from './agent.js'
import type { Effect } from './effect.js'
import type { AgentFact, Fact } from './fact.js'
import { deliveredUpTo, type CallerState, type Fleet } from './fleet.js'
import { noteHealth } from './health.js'
import { newAgent, reduceAgent } from './reduce-agent.js'
import { reportsAfter } from './reports.js'

/** What a fact makes of the fleet, and what is to be done then. Reads no clock, makes no id, calls nothing. */
export function reduceFleet(fleet: Fleet, fact: Fact): readonly [Fleet, ...Effect[]] {
  switch (fact.type) {
    case 'caller-connected':
      return [withCaller(fleet, fact.caller, { project: fact.project, connected: true })]
    case 'caller-disconnected': {
      const caller = fleet.callers.get(fact.caller)
      return [caller ? withCaller(fleet, fact.caller, { ...caller, connected: false }) : fleet]
    }
    case 'launch-requested':
      return grantSlot(withAgent(fleet, newAgent(fact)), fact.profile.id, fact.at)
    case 'reports-delivered':
      return [withDelivered(fleet, fact)]
    default:
      return reduceOne(fleet, fact)
  }
}

function reduceOne(fleet: Fleet, fact: AgentFact): readonly [Fleet, ...Effect[]] {
  const agent = fleet.agents.get(fact.agentId)
  if (!agent) return [fleet]
  const [next, ...effects] = reduceAgent(agent, fact)
  const health = noteHealth(fleet.health, speakerOf(agent).provider, fact)
  const heard = health === fleet.health ? fleet : { ...fleet, health }
  return next === agent ? [heard, ...effects] : [withAgent(tellStopper(heard, agent, next), next), ...effects]
}

/** Whose words a fact holds: a candidate that is being left may still speak. */
function speakerOf({ phase, route }: Agent): Candidate {
  return phase.status === 'switching' ? phase.from : route.current
}

/** No cap yet: whoever queues gets a slot at once. */
function grantSlot(fleet: Fleet, agentId: string, at: number): readonly [Fleet, ...Effect[]] {
  return reduceOne(fleet, { type: 'slot-granted', agentId, at })
}

/** Who stopped an agent knows that it stopped, so its next wait does not tell it again. */
function tellStopper(fleet: Fleet, before: Agent, after: Agent): Fleet {
  if (after.phase.status !== 'ended' || after.phase.ending.type !== 'stopped') return fleet
  const { by: caller } = after.phase.ending
  const agentId = after.profile.id
  if (reportsAfter(before, deliveredUpTo(fleet, caller, agentId)).length > 0) return fleet
  return withDelivered(fleet, { caller, agentId, upTo: after.reports.length })
}

function withAgent(fleet: Fleet, agent: Agent): Fleet {
  return { ...fleet, agents: new Map(fleet.agents).set(agent.profile.id, agent) }
}

function withCaller(fleet: Fleet, id: string, caller: CallerState): Fleet {
  return { ...fleet, callers: new Map(fleet.callers).set(id, caller) }
}

function withDelivered(fleet: Fleet, to: { caller: string; agentId: string; upTo: number }): Fleet {
  const upTo = Math.max(to.upTo, deliveredUpTo(fleet, to.caller, to.agentId))
  const ofCaller = new Map(fleet.delivered.get(to.caller)).set(to.agentId, upTo)
  return { ...fleet, delivered: new Map(fleet.delivered).set(to.caller, ofCaller) }
}

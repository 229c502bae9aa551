import { deadlineOf } from '../state/deadlines.js'
import { endMember, type End } from './end-member.js'
import type { PoolFact } from '../state/fact.js'
import { poolClosed, retired, wasReset } from '../state/failures.js'
import { isIdle, type Member } from '../state/member.js'
import { membersOfAgent, type PoolState } from '../state/pool-state.js'
import { expire, reduceMember } from './reduce-member.js'
import { abandonLease, closeLease, command, requestLease } from './reduce-leases.js'
import { abandonWarmth, requestWarmth } from './reduce-warming.js'
import { knowRecipe } from './add-pool-spec.js'
import { forEach, type Step } from '../state/step.js'

/** What a fact makes of the pool, and what is to be done then. */
export function reducePool(state: PoolState, fact: PoolFact): Step {
  switch (fact.type) {
    case 'recipe-known':
      return knowRecipe(state, fact)
    case 'lease-requested':
      return requestLease(state, fact)
    case 'lease-abandoned':
      return abandonLease(state, fact)
    case 'lease-commanded':
      return command(state, fact)
    case 'lease-closed':
      return closeLease(state, fact)
    case 'warmth-requested':
      return requestWarmth(state, fact)
    case 'warmth-abandoned':
      return abandonWarmth(state, fact)
    case 'members-retired':
      return endAll(state, idleAmong(state, fact.memberIds), { mode: 'graceful', why: retired })
    case 'agent-reset':
      return endAll(state, membersOfAgent(state, fact), { mode: 'kill', why: wasReset })
    case 'pool-closed':
      return endAll({ ...state, closed: true }, [...state.members.values()], {
        mode: 'kill',
        why: poolClosed,
      })
    case 'time-passed':
      return forEach(state, overdueAt(state, fact.at), expire)
    default:
      return reduceMember(state, fact)
  }
}

function idleAmong(state: PoolState, memberIds: readonly number[]): Member[] {
  return [...state.members.values()].filter((member) => memberIds.includes(member.id) && isIdle(member))
}

function overdueAt(state: PoolState, at: number): Member[] {
  return [...state.members.values()].filter((member) => deadlineOf(state, member) <= at)
}

function endAll(state: PoolState, members: readonly Member[], end: End): Step {
  return forEach(state, members, (next, member) => endMember(next, member, end))
}

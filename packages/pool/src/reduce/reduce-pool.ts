import { deadlineOf } from '../state/deadlines.js'
import { endMember, type EndMemberOptions } from './end-member.js'
import type { PoolFact } from '../state/fact.js'
import { poolClosedFailure, memberRetiredFailure, agentResetFailure } from '../state/failures.js'
import { isIdle, type Member } from '../state/member.js'
import { membersOfAgent, specOf, type KnownPoolSpec, type PoolState } from '../state/pool-state.js'
import { endOverdueMember, reduceMember } from './reduce-member.js'
import { abandonLease, closeLease, commandLease, requestLease } from './reduce-leases.js'
import { abandonWarmRequest, requestWarmProcess } from './reduce-warming.js'
import { stepForEach, type PoolStep } from '../state/step.js'

/** Applies a fact to the pool. Pure: time and ids come with the fact. */
export function reducePool(state: PoolState, fact: PoolFact): PoolStep {
  switch (fact.type) {
    case 'spec-added':
      return addPoolSpec(state, fact)
    case 'lease-requested':
      return requestLease(state, fact)
    case 'lease-abandoned':
      return abandonLease(state, fact)
    case 'lease-commanded':
      return commandLease(state, fact)
    case 'lease-closed':
      return closeLease(state, fact)
    case 'warm-requested':
      return requestWarmProcess(state, fact)
    case 'warm-abandoned':
      return abandonWarmRequest(state, fact)
    case 'members-retired':
      return endAll(state, idleAmong(state, fact.memberIds), { mode: 'graceful', why: memberRetiredFailure })
    case 'agent-reset':
      return endAll(state, membersOfAgent(state, fact), { mode: 'kill', why: agentResetFailure })
    case 'pool-closed':
      return endAll({ ...state, closed: true }, [...state.members.values()], {
        mode: 'kill',
        why: poolClosedFailure,
      })
    case 'time-passed':
      return stepForEach(state, overdueAt(state, fact.at), endOverdueMember)
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

function endAll(state: PoolState, members: readonly Member[], end: EndMemberOptions): PoolStep {
  return stepForEach(state, members, (next, member) => endMember(next, member, end))
}

/** Adds a spec. The older spec on the same lane is replaced: its idle processes end, busy ones after their task. */
function addPoolSpec(
  state: PoolState,
  { key, lane, poolSpec, at }: PoolFact & { type: 'spec-added' },
): PoolStep {
  const known: [string, KnownPoolSpec][] = [[key, { ...poolSpec, lane, replaced: false, addedAt: at }]]
  const others = [...state.specs]
    .filter(([other]) => other !== key)
    .map(([other, old]): [string, KnownPoolSpec] => [
      other,
      old.lane === lane ? { ...old, replaced: true } : old,
    ])
  const next = { ...state, specs: new Map(keepNeeded(state, [...others, ...known], at)) }
  const useless = [...next.members.values()].filter(
    (member) => isIdle(member) && specOf(next, member).replaced,
  )
  return endAll(next, useless, { mode: 'graceful', why: memberRetiredFailure })
}

/** Drops specs without members, an hour after they were added: a waiting task may use the key of a replaced one. */
function keepNeeded(
  { members }: PoolState,
  specs: [string, KnownPoolSpec][],
  at: number,
): [string, KnownPoolSpec][] {
  const used = new Set([...members.values()].map(({ key }) => key))
  return specs.filter(([key, { addedAt }]) => used.has(key) || at - addedAt < keptUnusedMs)
}

const keptUnusedMs = 3_600_000

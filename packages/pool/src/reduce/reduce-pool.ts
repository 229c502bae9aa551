import { computeMemberDeadline } from '../state/pool-deadlines.js'
import { endPoolMember, type EndPoolMemberOptions } from './end-pool-member.js'
import type { PoolFact } from '../state/pool-fact.js'
import { poolClosedFailure, poolRetiredFailure, pooledAgentResetFailure } from '../state/pool-failures.js'
import { isMemberIdle, type PoolMember } from '../state/pool-member.js'
import {
  listMembersOfAgent,
  getMemberPoolSpec,
  type KnownPoolSpec,
  type PoolState,
} from '../state/pool-state.js'
import { endOverduePoolMember, reducePoolMember } from './reduce-member.js'
import {
  cancelPoolLease,
  closePoolLease,
  sendLeasedSessionCommand,
  requestPoolLease,
} from './reduce-leases.js'
import { cancelWarmRequest, requestWarmProcess } from './reduce-warming.js'
import { applyPoolStepToEach, type PoolStep } from '../state/pool-step.js'

/** Applies a fact to the pool. Pure: time and ids come with the fact. */
export function reducePool(state: PoolState, fact: PoolFact): PoolStep {
  switch (fact.type) {
    case 'spec-added':
      return addPoolSpec(state, fact)
    case 'lease-requested':
      return requestPoolLease(state, fact)
    case 'lease-abandoned':
      return cancelPoolLease(state, fact)
    case 'lease-commanded':
      return sendLeasedSessionCommand(state, fact)
    case 'lease-closed':
      return closePoolLease(state, fact)
    case 'warm-requested':
      return requestWarmProcess(state, fact)
    case 'warm-abandoned':
      return cancelWarmRequest(state, fact)
    case 'members-retired':
      return endAll(state, idleAmong(state, fact.memberIds), { mode: 'graceful', why: poolRetiredFailure })
    case 'agent-reset':
      return endAll(state, listMembersOfAgent(state, fact), { mode: 'kill', why: pooledAgentResetFailure })
    case 'pool-closed':
      return endAll({ ...state, closed: true }, [...state.members.values()], {
        mode: 'kill',
        why: poolClosedFailure,
      })
    case 'time-passed':
      return applyPoolStepToEach(state, overdueAt(state, fact.at), endOverduePoolMember)
    default:
      return reducePoolMember(state, fact)
  }
}

function idleAmong(state: PoolState, memberIds: readonly number[]): PoolMember[] {
  return [...state.members.values()].filter((member) => memberIds.includes(member.id) && isMemberIdle(member))
}

function overdueAt(state: PoolState, at: number): PoolMember[] {
  return [...state.members.values()].filter((member) => computeMemberDeadline(state, member) <= at)
}

function endAll(state: PoolState, members: readonly PoolMember[], end: EndPoolMemberOptions): PoolStep {
  return applyPoolStepToEach(state, members, (next, member) => endPoolMember(next, member, end))
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
    (member) => isMemberIdle(member) && getMemberPoolSpec(next, member).replaced,
  )
  return endAll(next, useless, { mode: 'graceful', why: poolRetiredFailure })
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

import { endPoolMember } from './end-pool-member.js'
import { poolRetiredFailure } from '../state/pool-failures.js'
import {
  closeProcessGeneration,
  findJoinableGeneration,
  listGenerationMembers,
} from '../state/process-generations.js'
import {
  findClaimedLeaseId,
  isMemberIdle,
  type MemberIdlePhase,
  type PoolMember,
} from '../state/pool-member.js'
import { openPoolMember } from './open-pool-member.js'
import { listMembersOfSpec, storePoolMember, getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import type { PoolLimits } from '../pool-spec.js'
import { applyNextPoolStep, applyPoolStepToEach, type PoolStep } from '../state/pool-step.js'

/** Makes a pool member wait for the next task. Ends it if its spec was replaced. */
export function makeMemberIdle(state: PoolState, member: PoolMember, at: number): PoolStep {
  const idle = { ...member, phase: { status: 'idle', since: at } } as const
  const rested = storePoolMember(state, idle)
  if (getMemberPoolSpec(state, member).replaced) return endPoolMember(rested, idle, retirement)
  return applyNextPoolStep(replaceInTime(rested, idle, at), (next) => endReplaced(next, member.key, at))
}

const retirement = { mode: 'graceful', why: poolRetiredFailure } as const

/**
 * Opens a successor for a pool member that serves its last task or has reached a limit. The member serves on until
 * the successor is ready, so that no caller waits for a start, and a successor that fails to start costs nothing.
 */
function replaceInTime(before: PoolState, member: PoolMember, at: number): PoolStep {
  const state = endWornGeneration(before, member, at)
  const keys =
    state === before ? [member.key] : keysToReplace(state, getMemberPoolSpec(state, member).provider)
  return applyPoolStepToEach(state, [...new Set([member.key, ...keys])], (next, key) =>
    openSuccessor(next, key, at),
  )
}

/** Gives an idle member to a lease holder, and opens a successor where this is the member's last task. */
export function leaseIdleMember(
  state: PoolState,
  member: PoolMember,
  { leaseId, at }: { leaseId: string; at: number },
): PoolStep {
  const { identity, notes, pid } = member
  const unused = { turns: [], running: undefined, steered: false, changed: false, settleBy: undefined }
  const leased: PoolMember = { ...member, phase: { status: 'leased', leaseId, ...unused } }
  const begun: PoolStep = [
    storePoolMember(state, leased),
    { type: 'open-lease', leaseId, identity, notes, pid },
  ]
  return applyNextPoolStep(begun, (next) => replaceInTime(next, leased, at))
}

/** The idle members of a spec, best first: those within their limits, and among these the last used. */
export function listIdlePoolMembers(
  state: PoolState,
  key: string,
  at: number,
): (PoolMember & { phase: MemberIdlePhase })[] {
  const rank = (member: PoolMember): number => Number(isDue(state, member, at))
  return listMembersOfSpec(state, key)
    .filter(isMemberIdle)
    .sort((one, other) => rank(one) - rank(other) || other.phase.since - one.phase.since)
}

/** Closes the shared process of a member to new members, if the process has reached a limit. */
function endWornGeneration(state: PoolState, member: PoolMember, at: number): PoolState {
  const generation = findJoinableGeneration(state, member)
  if (!generation) return state
  const { provider, limits } = getMemberPoolSpec(state, member)
  const tasks = generation.tasks + listGenerationMembers(state, provider, generation).filter(isServing).length
  const isWorn = hasHadEnough({ ...generation, tasks, memory: member.memory }, limits, at)
  return isWorn ? closeProcessGeneration(state, provider, generation) : state
}

function keysToReplace(state: PoolState, provider: string): string[] {
  return [...state.members.values()]
    .filter((member) => isMemberIdle(member) && getMemberPoolSpec(state, member).provider === provider)
    .map(({ key }) => key)
}

function openSuccessor(state: PoolState, key: string, at: number): PoolStep {
  const poolSpec = state.specs.get(key)
  const members = listMembersOfSpec(state, key)
  const isNeeded =
    members.some((member) => member.phase.status !== 'closing' && isDue(state, member, at)) &&
    !members.some((member) => (isMemberIdle(member) || isComing(member)) && !isDue(state, member, at))
  if (!poolSpec || poolSpec.replaced || !isNeeded) return [state]
  return openPoolMember(state, { key, poolSpec, claim: { type: 'stock' }, at })
}

/** Ends idle members that have reached a limit, if the spec has another idle member that has not. */
function endReplaced(state: PoolState, key: string, at: number): PoolStep {
  const waiting = listIdlePoolMembers(state, key, at)
  const due = waiting.filter((member) => isDue(state, member, at))
  if (due.length === waiting.length) return [state]
  return applyPoolStepToEach(state, due, (next, member) => endPoolMember(next, member, retirement))
}

/** Whether a pool member will soon be idle without a lease. */
function isComing({ phase }: PoolMember): boolean {
  switch (phase.status) {
    case 'opening':
    case 'priming':
    case 'caching':
      return findClaimedLeaseId(phase.claims) === undefined
    case 'resetting':
      return phase.after.type === 'cache'
    default:
      return false
  }
}

/** Whether a pool member has reached a limit, or will have reached one after its current task. */
function isDue(state: PoolState, member: PoolMember, at: number): boolean {
  if (member.generation !== undefined) return findJoinableGeneration(state, member) === undefined
  const { limits } = getMemberPoolSpec(state, member)
  return hasHadEnough({ ...member, tasks: member.tasks + (isServing(member) ? 1 : 0) }, limits, at)
}

/** Whether a pool member serves a task that its counter does not include yet. */
function isServing({ phase }: PoolMember): boolean {
  return phase.status === 'leased' && (phase.turns.length === 0 || phase.running !== undefined)
}

type Wear = { tasks: number; startedAt: number; memory: number | undefined }
type Limits = Omit<PoolLimits, 'idleMs'>

/** Whether a process has reached a limit. One without tasks never has, or each successor would need a successor. */
function hasHadEnough({ tasks, startedAt, memory = 0 }: Wear, limits: Limits, at: number): boolean {
  if (tasks === 0) return false
  return tasks >= limits.tasks || at - startedAt >= limits.ageMs || memory > limits.memoryBytes
}

import { endMember } from './end-member.js'
import { memberRetired } from '../state/failures.js'
import { endGeneration, generationOf, membersIn } from '../state/generations.js'
import { claimingLease, isIdle, type Idle, type Member } from '../state/member.js'
import { openMember } from './open-member.js'
import { membersOf, putMember, specOf, type PoolState } from '../state/pool-state.js'
import type { PoolLimits } from '../pool-spec.js'
import { continueStep, stepForEach, type PoolStep } from '../state/step.js'

/** What a member does that has nothing to forget and that nobody claims: it waits for a task, or makes way. */
export function makeIdle(state: PoolState, member: Member, at: number): PoolStep {
  const idle = { ...member, phase: { status: 'idle', since: at } } as const
  const rested = putMember(state, idle)
  if (specOf(state, member).replaced) return endMember(rested, idle, retirement)
  return continueStep(replaceInTime(rested, idle, at), (next) => endReplaced(next, member.key, at))
}

const retirement = { mode: 'graceful', why: memberRetired } as const

/**
 * Opens a successor for a member that serves its last task, or that is found to have had enough. The member serves on
 * until the successor is ready, so that no caller waits for it, nor loses a process to one that fails to start.
 */
export function replaceInTime(before: PoolState, member: Member, at: number): PoolStep {
  const state = endWornGeneration(before, member, at)
  const keys = state === before ? [member.key] : keysToReplace(state, specOf(state, member).provider)
  return stepForEach(state, [...new Set([member.key, ...keys])], (next, key) => openSuccessor(next, key, at))
}

/** The members to lease, the best first: one that is not due, and of those the warmest. */
export function idleMembers(state: PoolState, key: string, at: number): (Member & { phase: Idle })[] {
  const rank = (member: Member): number => Number(isDue(state, member, at))
  return membersOf(state, key)
    .filter(isIdle)
    .sort((one, other) => rank(one) - rank(other) || other.phase.since - one.phase.since)
}

/** Gives up the shared process that a member is in when it has had enough. */
function endWornGeneration(state: PoolState, member: Member, at: number): PoolState {
  const generation = generationOf(state, member)
  if (!generation) return state
  const { provider, limits } = specOf(state, member)
  const tasks = generation.tasks + membersIn(state, provider, generation).filter(isServing).length
  const isWorn = hasHadEnough({ ...generation, tasks, memory: member.memory }, limits, at)
  return isWorn ? endGeneration(state, provider, generation) : state
}

/** Those that have a member waiting in the process that is over. */
function keysToReplace(state: PoolState, provider: string): string[] {
  return [...state.members.values()]
    .filter((member) => isIdle(member) && specOf(state, member).provider === provider)
    .map(({ key }) => key)
}

function openSuccessor(state: PoolState, key: string, at: number): PoolStep {
  const poolSpec = state.specs.get(key)
  const members = membersOf(state, key)
  const isNeeded =
    members.some((member) => member.phase.status !== 'closing' && isDue(state, member, at)) &&
    !members.some((member) => (isIdle(member) || isComing(member)) && !isDue(state, member, at))
  if (!poolSpec || poolSpec.replaced || !isNeeded) return [state]
  return openMember(state, { key, poolSpec, claim: { type: 'stock' }, at })
}

/** Ends the members that wait with one beside them that is not due. */
function endReplaced(state: PoolState, key: string, at: number): PoolStep {
  const waiting = idleMembers(state, key, at)
  const due = waiting.filter((member) => isDue(state, member, at))
  if (due.length === waiting.length) return [state]
  return stepForEach(state, due, (next, member) => endMember(next, member, retirement))
}

/** Whether a member is about to be ready, and nobody's. */
function isComing({ phase }: Member): boolean {
  switch (phase.status) {
    case 'opening':
    case 'priming':
    case 'caching':
      return claimingLease(phase.claims) === undefined
    case 'resetting':
      return phase.after.type === 'cache'
    default:
      return false
  }
}

/** Whether a member has had enough, or will have with the task that it serves. */
function isDue(state: PoolState, member: Member, at: number): boolean {
  if (member.generation !== undefined) return generationOf(state, member) === undefined
  const { limits } = specOf(state, member)
  return hasHadEnough({ ...member, tasks: member.tasks + (isServing(member) ? 1 : 0) }, limits, at)
}

/** Whether a task was given to a member that it has not counted yet. */
function isServing({ phase }: Member): boolean {
  return phase.status === 'leased' && (phase.turns.length === 0 || phase.running !== undefined)
}

type Wear = { tasks: number; startedAt: number; memory: number | undefined }
type Limits = Omit<PoolLimits, 'idleMs'>

/** One that has served nothing has not, whatever the limits: else each successor would need one at once. */
function hasHadEnough({ tasks, startedAt, memory = 0 }: Wear, limits: Limits, at: number): boolean {
  if (tasks === 0) return false
  return tasks >= limits.tasks || at - startedAt >= limits.ageMs || memory > limits.memoryBytes
}

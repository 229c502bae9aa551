import type { PoolMember } from './pool-member.js'
import { getMemberPoolSpec, type ProcessGeneration, type PoolState } from './pool-state.js'

// A shared process ends only when all its sessions have closed, and its memory grows with each of them. So
// generations of members follow each other, each in a process of its own, and members of an older generation are
// replaced.

/** Starts a generation for new members of a provider with shared processes, unless the current one is open. */
export function openProcessGeneration(state: PoolState, provider: string, at: number): PoolState {
  if (!state.providers.get(provider)?.sharesProcess) return state
  const current = state.generations.get(provider)
  // A process ends with its last session, so a new generation begins after it.
  if (current && !current.over && listGenerationMembers(state, provider, current).length > 0) return state
  const number = (current?.number ?? 0) + 1
  return putGeneration(state, provider, { number, startedAt: at, tasks: 0, over: false })
}

/** The shared process (generation) that a member is in, if new members still join it. */
export function findJoinableGeneration(state: PoolState, member: PoolMember): ProcessGeneration | undefined {
  const current = state.generations.get(getMemberPoolSpec(state, member).provider)
  return current && !current.over && current.number === member.generation ? current : undefined
}

/** The members whose sessions run in one shared process. */
export function listGenerationMembers(
  state: PoolState,
  provider: string,
  { number }: ProcessGeneration,
): PoolMember[] {
  return [...state.members.values()].filter(
    (member) => member.generation === number && getMemberPoolSpec(state, member).provider === provider,
  )
}

/** Closes a shared process to new members: the provider's next members start another one. */
export function closeProcessGeneration(
  state: PoolState,
  provider: string,
  generation: ProcessGeneration,
): PoolState {
  return putGeneration(state, provider, { ...generation, over: true })
}

export function countTaskOfProcess(state: PoolState, member: PoolMember): PoolState {
  const generation = findJoinableGeneration(state, member)
  if (!generation) return state
  const { provider } = getMemberPoolSpec(state, member)
  return putGeneration(state, provider, { ...generation, tasks: generation.tasks + 1 })
}

function putGeneration(state: PoolState, provider: string, generation: ProcessGeneration): PoolState {
  return { ...state, generations: new Map(state.generations).set(provider, generation) }
}

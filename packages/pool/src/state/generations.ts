import type { Member } from './member.js'
import { specOf, type Generation, type PoolState } from './pool-state.js'

// A shared process ends only when all its sessions are closed, and its memory grows with each of them. So one
// generation of members after the other has a process, and the members of a past one are due to be replaced.

/** The state with a process that new members of a provider can go to; as it is, where sessions share none. */
export function withGeneration(state: PoolState, provider: string, at: number): PoolState {
  if (!state.providers.get(provider)?.sharesProcess) return state
  const current = state.generations.get(provider)
  // A process ends with its last session: who comes after that begins another.
  if (current && !current.over && membersIn(state, provider, current).length > 0) return state
  const number = (current?.number ?? 0) + 1
  return putGeneration(state, provider, { number, startedAt: at, tasks: 0, over: false })
}

/** The process that a member is in, unless it has been given up. */
export function generationOf(state: PoolState, member: Member): Generation | undefined {
  const current = state.generations.get(specOf(state, member).provider)
  return current && !current.over && current.number === member.generation ? current : undefined
}

/** The members of one shared process. */
export function membersIn(state: PoolState, provider: string, { number }: Generation): Member[] {
  return [...state.members.values()].filter(
    (member) => member.generation === number && specOf(state, member).provider === provider,
  )
}

/** The state in which a process is given up: the next members of the provider go to another. */
export function endGeneration(state: PoolState, provider: string, generation: Generation): PoolState {
  return putGeneration(state, provider, { ...generation, over: true })
}

/** The state in which a member's process has served one more task. */
export function countInGeneration(state: PoolState, member: Member): PoolState {
  const generation = generationOf(state, member)
  if (!generation) return state
  const { provider } = specOf(state, member)
  return putGeneration(state, provider, { ...generation, tasks: generation.tasks + 1 })
}

function putGeneration(state: PoolState, provider: string, generation: Generation): PoolState {
  return { ...state, generations: new Map(state.generations).set(provider, generation) }
}

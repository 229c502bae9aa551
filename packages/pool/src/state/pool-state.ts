import type { Driver } from '@subagent-mcp/contract'
import type { PoolUsageByAgent } from './pool-usage.js'
import type { PoolMember } from './pool-member.js'
import type { PoolSpec } from '../pool-spec.js'

/** The complete state of a pool. It is replaced by each fact, never mutated. */
export type PoolState = {
  /** The specs by key, oldest first. */
  specs: ReadonlyMap<string, KnownPoolSpec>
  members: ReadonlyMap<number, PoolMember>
  /** For providers whose sessions share a process: the process (generation) that new members join, by provider. */
  generations: ReadonlyMap<string, ProcessGeneration>
  figures: PoolUsageByAgent
  providers: ReadonlyMap<string, PoolProviderTraits>
  /** The id of the newest pool member. */
  lastMemberId: number
  closed: boolean
}

export type PoolProviderTraits = { sharesProcess: boolean; rewind: boolean }

/** A pool spec with its lane. `replaced`: the lane has a newer spec. */
export type KnownPoolSpec = PoolSpec & { lane: string; replaced: boolean; addedAt: number }

/** One shared process of a provider (generation). `over`: new members start another process. */
export type ProcessGeneration = { number: number; startedAt: number; tasks: number; over: boolean }

export function createEmptyPoolState(drivers: ReadonlyMap<string, Driver>): PoolState {
  const providers = [...drivers].map(
    ([id, { sharesProcess = false, abilities }]): [string, PoolProviderTraits] => [
      id,
      { sharesProcess, rewind: abilities.rewind },
    ],
  )
  return {
    specs: new Map(),
    members: new Map(),
    generations: new Map(),
    figures: new Map(),
    providers: new Map(providers),
    lastMemberId: 0,
    closed: false,
  }
}

export function getMemberPoolSpec({ specs }: PoolState, { key }: PoolMember): KnownPoolSpec {
  const poolSpec = specs.get(key)
  if (!poolSpec) throw new Error(`the poolSpec of a member is missing: ${key}`)
  return poolSpec
}

export function listMembersOfSpec({ members }: PoolState, key: string): PoolMember[] {
  return [...members.values()].filter((member) => member.key === key)
}

export function listMembersOfAgent(
  state: PoolState,
  { agent, project }: { agent: string; project: string },
): PoolMember[] {
  return [...state.members.values()].filter((member) => {
    const poolSpec = getMemberPoolSpec(state, member)
    return poolSpec.agent === agent && poolSpec.project === project
  })
}

export function storePoolMember(state: PoolState, member: PoolMember): PoolState {
  return { ...state, members: new Map(state.members).set(member.id, member) }
}

export function removePoolMember(state: PoolState, { id }: PoolMember): PoolState {
  const members = new Map(state.members)
  members.delete(id)
  return { ...state, members }
}

import type { Driver } from '@subagent-mcp/contract'
import type { Figures } from './figures.js'
import type { Member } from './member.js'
import type { PoolSpec } from '../pool-spec.js'

/** All that a pool knows. It is replaced, never changed. */
export type PoolState = {
  /** By key; the one that was known least recently comes first. */
  specs: ReadonlyMap<string, KnownPoolSpec>
  members: ReadonlyMap<number, Member>
  /** By provider, of those whose sessions share a process: the process that new members go to. */
  generations: ReadonlyMap<string, Generation>
  figures: Figures
  providers: ReadonlyMap<string, Provider>
  /** Members until now. */
  lastMemberId: number
  closed: boolean
}

/** What the pool has to know of a driver. */
export type Provider = { sharesProcess: boolean; rewind: boolean }

/** A pool spec, with what tells it apart; `replaced` when a newer one has taken its lane. */
export type KnownPoolSpec = PoolSpec & { lane: string; replaced: boolean; addedAt: number }

/** One shared process of a provider: the next takes its place when it has had enough. */
export type Generation = { number: number; startedAt: number; tasks: number; over: boolean }

/** Nothing is known, nothing runs. */
export function emptyPool(drivers: ReadonlyMap<string, Driver>): PoolState {
  const providers = [...drivers].map(([id, { sharesProcess = false, abilities }]): [string, Provider] => [
    id,
    { sharesProcess, rewind: abilities.rewind },
  ])
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

/** The pool spec of a member: it is kept as long as the member. */
export function specOf({ specs }: PoolState, { key }: Member): KnownPoolSpec {
  const poolSpec = specs.get(key)
  if (!poolSpec) throw new Error(`the poolSpec of a member is missing: ${key}`)
  return poolSpec
}

/** The members of a pool spec. */
export function membersOf({ members }: PoolState, key: string): Member[] {
  return [...members.values()].filter((member) => member.key === key)
}

/** The members of an agent. */
export function membersOfAgent(
  state: PoolState,
  { agent, project }: { agent: string; project: string },
): Member[] {
  return [...state.members.values()].filter((member) => {
    const poolSpec = specOf(state, member)
    return poolSpec.agent === agent && poolSpec.project === project
  })
}

/** The state with a member as it is now. */
export function putMember(state: PoolState, member: Member): PoolState {
  return { ...state, members: new Map(state.members).set(member.id, member) }
}

/** The state without a member. */
export function withoutMember(state: PoolState, { id }: Member): PoolState {
  const members = new Map(state.members)
  members.delete(id)
  return { ...state, members }
}

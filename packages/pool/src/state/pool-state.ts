import type { Driver } from '@subagent-mcp/contract'
import type { Figures } from './figures.js'
import type { Member } from './member.js'
import type { Recipe } from '../pool-spec.js'

/** All that a pool knows. It is replaced, never changed. */
export type PoolState = {
  /** By key; the one that was known least recently comes first. */
  recipes: ReadonlyMap<string, KnownRecipe>
  members: ReadonlyMap<number, Member>
  /** By provider, of those whose sessions share a process: the process that new members go to. */
  generations: ReadonlyMap<string, Generation>
  figures: Figures
  providers: ReadonlyMap<string, Provider>
  /** Members until now. */
  born: number
  closed: boolean
}

/** What the pool has to know of a driver. */
export type Provider = { sharesProcess: boolean; rewind: boolean }

/** A recipe, with what tells it apart; `replaced` when a newer one has taken its lane. */
export type KnownRecipe = Recipe & { lane: string; replaced: boolean; knownAt: number }

/** One shared process of a provider: the next takes its place when it has had enough. */
export type Generation = { number: number; startedAt: number; tasks: number; over: boolean }

/** Nothing is known, nothing runs. */
export function emptyPool(drivers: ReadonlyMap<string, Driver>): PoolState {
  const providers = [...drivers].map(([id, { sharesProcess = false, abilities }]): [string, Provider] => [
    id,
    { sharesProcess, rewind: abilities.rewind },
  ])
  return {
    recipes: new Map(),
    members: new Map(),
    generations: new Map(),
    figures: new Map(),
    providers: new Map(providers),
    born: 0,
    closed: false,
  }
}

/** The recipe of a member: it is kept as long as the member. */
export function recipeOf({ recipes }: PoolState, { key }: Member): KnownRecipe {
  const recipe = recipes.get(key)
  if (!recipe) throw new Error(`the recipe of a member is missing: ${key}`)
  return recipe
}

/** The members of a recipe. */
export function membersOf({ members }: PoolState, key: string): Member[] {
  return [...members.values()].filter((member) => member.key === key)
}

/** The members of an agent. */
export function membersOfAgent(
  state: PoolState,
  { agent, project }: { agent: string; project: string },
): Member[] {
  return [...state.members.values()].filter((member) => {
    const recipe = recipeOf(state, member)
    return recipe.agent === agent && recipe.project === project
  })
}

/** The state with a member as it is now. */
export function put(state: PoolState, member: Member): PoolState {
  return { ...state, members: new Map(state.members).set(member.id, member) }
}

/** The state without a member. */
export function without(state: PoolState, { id }: Member): PoolState {
  const members = new Map(state.members)
  members.delete(id)
  return { ...state, members }
}

import { endMember } from './end-member.js'
import type { PoolFact } from '../state/fact.js'
import { retired } from '../state/failures.js'
import { isIdle } from '../state/member.js'
import { recipeOf, type KnownRecipe, type PoolState } from '../state/pool-state.js'
import { forEach, type Step } from '../state/step.js'

/** A recipe holds from now on. The one before it on its lane is replaced: what it has made ends with its task. */
export function knowRecipe(
  state: PoolState,
  { key, lane, recipe, at }: PoolFact & { type: 'recipe-known' },
): Step {
  const known: [string, KnownRecipe][] = [[key, { ...recipe, lane, replaced: false, knownAt: at }]]
  const others = [...state.recipes]
    .filter(([other]) => other !== key)
    .map(([other, old]): [string, KnownRecipe] => [
      other,
      old.lane === lane ? { ...old, replaced: true } : old,
    ])
  const next = { ...state, recipes: new Map(keepNeeded(state, [...others, ...known], at)) }
  const useless = [...next.members.values()].filter(
    (member) => isIdle(member) && recipeOf(next, member).replaced,
  )
  return forEach(next, useless, (before, member) =>
    endMember(before, member, { mode: 'graceful', why: retired }),
  )
}

/**
 * Those without members go after a while, and the environment of their callers with them. Not at once: a task that waits
 * for its turn still has the key of what was replaced meanwhile.
 */
function keepNeeded(
  { members }: PoolState,
  recipes: [string, KnownRecipe][],
  at: number,
): [string, KnownRecipe][] {
  const used = new Set([...members.values()].map(({ key }) => key))
  return recipes.filter(([key, { knownAt }]) => used.has(key) || at - knownAt < keptUnusedMs)
}

const keptUnusedMs = 3_600_000

import { endMember } from './end-member.js'
import type { PoolFact } from './fact.js'
import { retired } from './failures.js'
import { isIdle } from './member.js'
import { recipeOf, type KnownRecipe, type PoolState } from './pool-state.js'
import { forEach, type Step } from './step.js'

/** A recipe holds from now on. The one before it on its lane is replaced: what it has made ends with its task. */
export function knowRecipe(
  state: PoolState,
  { key, lane, recipe }: PoolFact & { type: 'recipe-known' },
): Step {
  const known: [string, KnownRecipe][] = [[key, { ...recipe, lane, replaced: false }]]
  const others = [...state.recipes]
    .filter(([other]) => other !== key)
    .map(([other, old]): [string, KnownRecipe] => [
      other,
      old.lane === lane ? { ...old, replaced: true } : old,
    ])
  const next = { ...state, recipes: new Map(keepNewest(state, [...others, ...known])) }
  const useless = [...next.members.values()].filter(
    (member) => isIdle(member) && recipeOf(next, member).replaced,
  )
  return forEach(next, useless, (before, member) =>
    endMember(before, member, { mode: 'graceful', why: retired }),
  )
}

/**
 * Those without members go one day, as definitions change and callers leave. Not at once: a task that waits for its
 * turn still has the key of what was replaced meanwhile.
 */
function keepNewest({ members }: PoolState, recipes: [string, KnownRecipe][]): [string, KnownRecipe][] {
  const used = new Set([...members.values()].map(({ key }) => key))
  const unused = recipes.filter(([key]) => !used.has(key))
  const forgotten = new Set(unused.slice(0, -keptUnused).map(([key]) => key))
  return recipes.filter(([key]) => !forgotten.has(key))
}

const keptUnused = 100

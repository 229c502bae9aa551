import type { Effect } from './effect.js'
import type { PoolState } from './pool-state.js'

/** What a fact leads to: the next state, and what is to be done. */
export type Step = readonly [PoolState, ...Effect[]]

/** Goes on from where a step ended, with the effects of both in order. */
export function andThen([state, ...effects]: Step, next: (state: PoolState) => Step): Step {
  const [after, ...more] = next(state)
  return [after, ...effects, ...more]
}

/** One step for each item, one after the other. */
export function forEach<Item>(
  state: PoolState,
  items: readonly Item[],
  next: (state: PoolState, item: Item) => Step,
): Step {
  return items.reduce<Step>((step, item) => andThen(step, (before) => next(before, item)), [state])
}

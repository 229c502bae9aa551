import type { PoolEffect } from './effect.js'
import type { PoolState } from './pool-state.js'

/** What a fact leads to: the next state, and what is to be done. */
export type PoolStep = readonly [PoolState, ...PoolEffect[]]

/** Goes on from where a step ended, with the effects of both in order. */
export function continueStep([state, ...effects]: PoolStep, next: (state: PoolState) => PoolStep): PoolStep {
  const [after, ...more] = next(state)
  return [after, ...effects, ...more]
}

/** One step for each item, one after the other. */
export function stepForEach<Item>(
  state: PoolState,
  items: readonly Item[],
  next: (state: PoolState, item: Item) => PoolStep,
): PoolStep {
  return items.reduce<PoolStep>((step, item) => continueStep(step, (before) => next(before, item)), [state])
}

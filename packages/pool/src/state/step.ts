import type { PoolEffect } from './effect.js'
import type { PoolState } from './pool-state.js'

/** The pool's state after a fact, and the effects to run. */
export type PoolStep = readonly [PoolState, ...PoolEffect[]]

/** Continues a step with another, keeping the order of effects. */
export function continueStep([state, ...effects]: PoolStep, next: (state: PoolState) => PoolStep): PoolStep {
  const [after, ...more] = next(state)
  return [after, ...effects, ...more]
}

/** Applies a step for each item in turn. */
export function stepForEach<Item>(
  state: PoolState,
  items: readonly Item[],
  next: (state: PoolState, item: Item) => PoolStep,
): PoolStep {
  return items.reduce<PoolStep>((step, item) => continueStep(step, (before) => next(before, item)), [state])
}

import type { PoolEffect } from './pool-effect.js'
import type { PoolState } from './pool-state.js'

export type PoolStep = readonly [PoolState, ...PoolEffect[]]

/** Applies a second step to the state after a first one. The effects of both stay in order. */
export function applyNextPoolStep(
  [state, ...effects]: PoolStep,
  next: (state: PoolState) => PoolStep,
): PoolStep {
  const [after, ...more] = next(state)
  return [after, ...effects, ...more]
}

export function applyPoolStepToEach<Item>(
  state: PoolState,
  items: readonly Item[],
  next: (state: PoolState, item: Item) => PoolStep,
): PoolStep {
  return items.reduce<PoolStep>(
    (step, item) => applyNextPoolStep(step, (before) => next(before, item)),
    [state],
  )
}

import type { WarmEffect, WarmOutcome } from './state/effect.js'
import type { Happening } from './state/fact.js'
import { calledOff } from './state/failures.js'

/** Those who wait for a process to be warm. */
export type Warmers = {
  warm(key: string, options: { cache: boolean; signal: AbortSignal }): Promise<WarmOutcome>
  run(effect: WarmEffect): void
}

/** Joins them to the pool. */
export function createWarmers({
  dispatch,
  newId,
}: {
  dispatch: (happening: Happening) => void
  newId: () => string
}): Warmers {
  const waiting = new Map<string, (outcome: WarmOutcome) => void>()
  return {
    warm: (key, { cache, signal }) =>
      signal.aborted
        ? Promise.resolve({ type: 'failed', failure: calledOff })
        : new Promise((resolve) => {
            const waitId = newId()
            const abandon = (): void => dispatch({ type: 'warmth-abandoned', waitId })
            signal.addEventListener('abort', abandon)
            waiting.set(waitId, (outcome) => {
              signal.removeEventListener('abort', abandon)
              resolve(outcome)
            })
            dispatch({ type: 'warmth-requested', waitId, key, cache })
          }),
    run: ({ waitId, outcome }) => {
      waiting.get(waitId)?.(outcome)
      waiting.delete(waitId)
    },
  }
}

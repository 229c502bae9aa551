/** Runs effects in order, one after another. */
export type EffectQueue<Effect> = {
  add(effects: readonly Effect[]): void
  /** Runs all effects. Those that an effect adds run after all others, because a call from within `run` returns immediately. */
  run(): void
}

/** Creates a queue that runs the effects of a state machine in order. */
export function createEffectQueue<Effect>(run: (effect: Effect) => void): EffectQueue<Effect> {
  const waiting: Effect[] = []
  let running = false
  return {
    add: (effects) => void waiting.push(...effects),
    run: () => {
      if (running) return
      running = true
      try {
        for (let effect = waiting.shift(); effect; effect = waiting.shift()) run(effect)
      } finally {
        running = false
      }
    },
  }
}

/** Effects that are run one after the other, in the order in which they were added. */
export type EffectQueue<Effect> = {
  add(effects: readonly Effect[]): void
  /** Runs the added effects. Within an effect it does nothing: what the effect added runs after those before it. */
  run(): void
}

/** Creates an empty queue. `run` may add effects, as by dispatching a fact. */
export function createEffectQueue<Effect>(run: (effect: Effect) => void): EffectQueue<Effect> {
  const waiting: Effect[] = []
  let running = false
  return {
    add: (effects) => void waiting.push(...effects),
    run: () => {
      if (running) return
      running = true
      try {
        for (let effect = waiting.shift(); effect !== undefined; effect = waiting.shift()) run(effect)
      } finally {
        running = false
      }
    },
  }
}

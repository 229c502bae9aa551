/** Running an effect may lead to others at once; they wait their turn behind those before them. */
export function inOrder<Effect>(run: (effect: Effect) => void): {
  add: (effects: readonly Effect[]) => void
  run: () => void
} {
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

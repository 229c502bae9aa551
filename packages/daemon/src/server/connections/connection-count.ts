export type ConnectionCount = {
  count(): number
  enter(): () => void
  /** Calls `listener` each time the number of open connections has changed, until the returned function is called. */
  onChange(listener: () => void): () => void
}

export function createConnectionCount(): ConnectionCount {
  const present = new Set<symbol>()
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    count: () => present.size,
    enter: () => {
      const guest = Symbol('guest')
      present.add(guest)
      changed()
      return () => {
        if (present.delete(guest)) changed()
      }
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

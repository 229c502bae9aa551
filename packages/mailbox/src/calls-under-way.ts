/** Calls whose end somebody waits for. */
export type CallsUnderWay = {
  /** The same call: it counts until it has ended. */
  follow<Result>(call: Promise<Result>): Promise<Result>
  /** Resolves when those that are under way now have ended, however. Never rejects. */
  ended(): Promise<void>
}

/** Without any. */
export function createCallsUnderWay(): CallsUnderWay {
  const underWay = new Set<Promise<unknown>>()
  return {
    follow: (call) => {
      underWay.add(call)
      const over = (): void => void underWay.delete(call)
      call.then(over, over)
      return call
    },
    ended: async () => {
      await Promise.allSettled(underWay)
    },
  }
}

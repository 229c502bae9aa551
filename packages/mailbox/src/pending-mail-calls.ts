/** The calls of a mailbox that have not settled yet. */
export type PendingMailCalls = {
  /** Counts a call until it settles, and returns it. */
  follow<Result>(call: Promise<Result>): Promise<Result>
  /** Resolves when the calls that are under way now have settled. Never rejects. */
  ended(): Promise<void>
}

export function createPendingMailCalls(): PendingMailCalls {
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

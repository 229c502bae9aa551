export type Clock = {
  /** The current time in Unix milliseconds. */
  now(): number
  /** Calls `callback` once after `milliseconds`; the returned function cancels it. */
  after(milliseconds: number, callback: () => void): () => void
}

/** The system's clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, longestTimer))
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  },
}

/** The longest delay of a timer in milliseconds: Node fires a longer one immediately. */
const longestTimer = 2 ** 31 - 1

/** Returns the clock with a function that cancels all of its timers. A timer that is set later never fires. */
export function createStoppableClock(clock: Clock): { clock: Clock; stopTimers(): void } {
  const cancels = new Set<() => void>()
  let isStopped = false
  return {
    clock: {
      now: clock.now,
      after: (milliseconds, callback) => {
        if (isStopped) return () => undefined
        const cancelTimer = clock.after(milliseconds, () => {
          cancels.delete(cancel)
          callback()
        })
        const cancel = (): void => {
          cancels.delete(cancel)
          cancelTimer()
        }
        cancels.add(cancel)
        return cancel
      },
    },
    stopTimers: () => {
      isStopped = true
      for (const cancel of cancels) cancel()
    },
  }
}

/**
 * Calls `act` at the multiples of `milliseconds` on the clock, until the returned function is called. So an idle process wakes once for
 * several such calls. The first one is made after at most 1.1 periods.
 */
export function repeatAligned(clock: Clock, milliseconds: number, act: () => void): () => void {
  let cancel = (): void => undefined
  const schedule = (): void => {
    const now = clock.now()
    // A timer may fire shortly before its time, so a multiple that is less than a tenth of a period away counts as the present one.
    const next = Math.floor(now / milliseconds + 1.1) * milliseconds
    cancel = clock.after(next - now, () => {
      schedule()
      act()
    })
  }
  schedule()
  return () => {
    cancel()
  }
}

/** A debounced call: one call, after a pause, for all requests that are made during the pause. */
export type DebouncedCall = {
  request(): void
  /** Cancels the requested call; returns whether one was requested. */
  cancel(): boolean
}

/** Creates a call that is made `milliseconds` after the first request for it; a later request begins the next pause. */
export function createDebouncedCall(
  { after }: Pick<Clock, 'after'>,
  milliseconds: number,
  call: () => void,
): DebouncedCall {
  let pending: (() => void) | undefined
  return {
    request: () => {
      pending ??= after(milliseconds, () => {
        pending = undefined
        call()
      })
    },
    cancel: () => {
      const wasPending = pending !== undefined
      pending?.()
      pending = undefined
      return wasPending
    },
  }
}

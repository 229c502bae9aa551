/** Tells one listener that something has happened, however often it did. */
export type Bell = {
  ring(): void
  /** Resolves when it has rung since the last `take`. */
  rung(): Promise<void>
  /** Whether it has rung; it is silent again then. */
  take(): boolean
}

/** A silent one. */
export function createBell(): Bell {
  let isRung = false
  let wake = (): void => undefined
  return {
    ring: () => {
      isRung = true
      wake()
    },
    rung: () =>
      new Promise((resolve) => {
        wake = resolve
        if (isRung) resolve()
      }),
    take: () => {
      const was = isRung
      isRung = false
      return was
    },
  }
}

/**
 * Why a daemon is to end, and whether running turns may end first. `restart`: another daemon follows. `loss`: its files are
 * gone.
 */
export type Stop = {
  by: 'signal' | 'request' | 'restart' | 'idleness' | 'loss'
  reason: string
  drain: boolean
}

/** The ways to tell a daemon to end. */
export type Stops = {
  first: Promise<Stop>
  /** Told a second time: it is not to wait any more. */
  hurried: Promise<Stop>
  stop(options: { drain: boolean; restarts: boolean }): void
}

/** Listens to SIGTERM and SIGINT, from now on. */
export function untilStopped(): Stops {
  const waiting: ((stop: Stop) => void)[] = []
  const next = (): Promise<Stop> => new Promise((resolve) => waiting.push(resolve))
  const stops = { first: next(), hurried: next() }
  const tell = (stop: Stop): void => waiting.shift()?.(stop)
  for (const signal of stopSignals) {
    process.on(signal, () => {
      tell({ by: 'signal', reason: signal, drain: true })
    })
  }
  return {
    ...stops,
    stop: ({ drain, restarts }) => {
      tell({ by: restarts ? 'restart' : 'request', reason: 'it was told to', drain })
    },
  }
}

/** What tells a process to end in order. */
export const stopSignals = ['SIGTERM', 'SIGINT'] as const

/**
 * The reason for which a daemon stops, and whether running turns may end first. `restart`: another daemon follows. `loss`: the
 * daemon's files are gone.
 */
export type DaemonStopRequest = {
  by: 'signal' | 'request' | 'restart' | 'idleness' | 'loss'
  reason: string
  drain: boolean
}

/** The stop requests that a daemon gets from signals and from the HTTP API. */
export type DaemonStopRequests = {
  first: Promise<DaemonStopRequest>
  /** Resolves with the second stop request, after which the daemon no longer waits for running turns. */
  second: Promise<DaemonStopRequest>
  stop(options: { drain: boolean; restarts: boolean }): void
}

/** Starts listening to signals, by default SIGTERM and SIGINT; returns the stop requests. */
export function watchStopRequests(signals: readonly NodeJS.Signals[] = stopSignals): DaemonStopRequests {
  const waiting: ((stop: DaemonStopRequest) => void)[] = []
  const next = (): Promise<DaemonStopRequest> => new Promise((resolve) => waiting.push(resolve))
  const stops = { first: next(), second: next() }
  const tell = (stop: DaemonStopRequest): void => waiting.shift()?.(stop)
  for (const signal of signals) {
    process.on(signal, () => {
      tell({ by: 'signal', reason: signal, drain: true })
    })
  }
  return {
    ...stops,
    stop: ({ drain, restarts }) => {
      tell({ by: restarts ? 'restart' : 'request', reason: 'a signal or a request asked for it', drain })
    },
  }
}

/** The signals that stop a process after cleanup. */
export const stopSignals = ['SIGTERM', 'SIGINT'] as const

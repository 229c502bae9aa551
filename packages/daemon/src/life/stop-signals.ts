/** Why a daemon stops, and whether running turns may end first. `restart`: another daemon follows. `loss`: its files are gone. */
export type StopRequest = {
  by: 'signal' | 'request' | 'restart' | 'idleness' | 'loss'
  reason: string
  drain: boolean
}

/** The stop requests that a daemon gets from signals and from the HTTP API. */
export type StopRequests = {
  first: Promise<StopRequest>
  /** Resolves with the second stop request, after which the daemon no longer waits for running turns. */
  second: Promise<StopRequest>
  stop(options: { drain: boolean; restarts: boolean }): void
}

/** Starts listening to signals, by default SIGTERM and SIGINT; returns the stop requests. */
export function watchStopRequests(signals: readonly NodeJS.Signals[] = stopSignals): StopRequests {
  const waiting: ((stop: StopRequest) => void)[] = []
  const next = (): Promise<StopRequest> => new Promise((resolve) => waiting.push(resolve))
  const stops = { first: next(), second: next() }
  const tell = (stop: StopRequest): void => waiting.shift()?.(stop)
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

/**
 * Aborts when one of them does, until they part. `AbortSignal.any` cannot part: with a signal that lives long, something
 * of each call stays for as long.
 */
export function joinSignals(signals: readonly AbortSignal[]): { signal: AbortSignal; part: () => void } {
  const either = new AbortController()
  const stop = (): void => either.abort()
  for (const signal of signals) signal.addEventListener('abort', stop)
  if (signals.some(({ aborted }) => aborted)) stop()
  return {
    signal: either.signal,
    part: () => {
      for (const signal of signals) signal.removeEventListener('abort', stop)
    },
  }
}

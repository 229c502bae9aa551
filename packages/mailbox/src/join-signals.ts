/**
 * A signal that aborts with the first of several signals, until `part` is called. `AbortSignal.any` has no `part`: each
 * call with a long-lived signal would keep memory until that signal is gone.
 */
export function joinAbortSignals(signals: readonly AbortSignal[]): { signal: AbortSignal; part: () => void } {
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

/**
 * A signal that aborts with the first of several signals, until `part` is called. `AbortSignal.any` has no `part`: each call with a
 * long-lived signal would keep memory until that signal is gone. A signal that is joined many times has one listener for all of them,
 * because Node warns of a leak at the eleventh.
 */
export function joinAbortSignals(signals: readonly AbortSignal[]): { signal: AbortSignal; part: () => void } {
  const either = new AbortController()
  for (const signal of signals) joinedTo(signal).add(either)
  if (signals.some(({ aborted }) => aborted)) either.abort()
  return {
    signal: either.signal,
    part: () => {
      for (const signal of signals) joinedTo(signal).delete(either)
    },
  }
}

const joined = new WeakMap<AbortSignal, Set<AbortController>>()

/** The joined signals that a signal aborts. */
function joinedTo(signal: AbortSignal): Set<AbortController> {
  const known = joined.get(signal)
  if (known) return known
  const controllers = new Set<AbortController>()
  joined.set(signal, controllers)
  signal.addEventListener('abort', () => {
    for (const controller of controllers) controller.abort()
  })
  return controllers
}

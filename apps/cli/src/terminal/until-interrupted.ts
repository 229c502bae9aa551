import { exitCode } from '../exit.js'
import type { Terminal } from './terminal.js'

/** Does something that Ctrl-C aborts, and returns its exit code, or that of Ctrl-C. */
export async function untilInterrupted(
  { onInterrupt }: Pick<Terminal, 'onInterrupt'>,
  act: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const stop = new AbortController()
  const unlisten = onInterrupt(() => {
    stop.abort()
  })
  try {
    const code = await act(stop.signal)
    return stop.signal.aborted ? exitCode.interrupted : code
  } catch (error) {
    if (stop.signal.aborted) return exitCode.interrupted
    throw error
  } finally {
    unlisten()
  }
}

import type { SessionCloseMode, Failure } from '@subagent-mcp/contract'
import { launchAbortFailure, createExceptionFailure } from './failures.js'

/** The outcome of starting a shared process. `gone` resolves when the process is dead, for whatever cause. */
export type SharedProcessStart<Process> =
  | { type: 'started'; process: Process; gone: Promise<unknown> }
  | { type: 'failed'; failure: Failure }

/**
 * A session's share in a shared process. `release` gives it up; the last one also stops the process and waits for its end.
 * `isShared` says whether another session has a share, too.
 */
export type ProcessLease<Process> =
  | {
      type: 'leased'
      process: Process
      isShared: () => boolean
      release: (mode?: SessionCloseMode) => Promise<void>
    }
  | { type: 'failed'; failure: Failure }

export type SharedProcesses<Launch, Process> = {
  /**
   * Leases the process with the key of this launch, and starts it if it does not run. Never rejects. Aborting
   * `signal` before this has resolved releases the lease: other leases stay, and without others the process is stopped.
   */
  lease(launch: Launch, signal: AbortSignal): Promise<ProcessLease<Process>>
}

export type SharedProcessesOptions<Launch, Process> = {
  keyOf: (launch: Launch) => string
  /** Resolves also when `signal` is aborted, which kills what was started. */
  start: (launch: Launch, signal: AbortSignal) => Promise<SharedProcessStart<Process>>
  /** Resolves when the process is gone. Idempotent; a later `kill` hurries an earlier `graceful`. */
  stop: (process: Process, mode: SessionCloseMode) => Promise<void>
}

/** Keeps one process for each key: started by the first lease, stopped with the last, replaced after it has died. */
export function createSharedProcesses<Launch, Process>(
  options: SharedProcessesOptions<Launch, Process>,
): SharedProcesses<Launch, Process> {
  const { keyOf, stop } = options
  const running = new Map<string, Shared<Process>>()

  const begin = (key: string, launch: Launch) => {
    const starter = new AbortController()
    const starting = start(options, launch, starter.signal)
    const remove = () => {
      if (running.get(key) === shared) running.delete(key)
    }
    const shared: Shared<Process> = { starting, abortStart: () => starter.abort(), remove, leases: 0 }
    running.set(key, shared)
    void starting.then((outcome) => (outcome.type === 'failed' ? remove() : outcome.gone.then(remove)))
    return shared
  }

  const stopShared = async ({ starting, abortStart, remove }: Shared<Process>, mode: SessionCloseMode) => {
    // The entry is removed first, so that no later lease gets a process that is about to exit.
    remove()
    abortStart()
    const outcome = await starting
    if (outcome.type === 'started') await stop(outcome.process, mode)
  }

  return {
    lease: async (launch, signal) => {
      if (signal.aborted) return { type: 'failed', failure: launchAbortFailure }
      const key = keyOf(launch)
      const shared = running.get(key) ?? begin(key, launch)
      shared.leases += 1
      let held = true
      const release = async (mode: SessionCloseMode = 'graceful') => {
        if (held) shared.leases -= 1
        held = false
        if (shared.leases === 0) await stopShared(shared, mode)
      }
      const outcome = await unlessAborted(shared.starting, signal)
      if (outcome === 'aborted') {
        await release('kill')
        return { type: 'failed', failure: launchAbortFailure }
      }
      if (outcome.type === 'failed') return outcome
      return { type: 'leased', process: outcome.process, isShared: () => shared.leases > 1, release }
    },
  }
}

type Shared<Process> = {
  starting: Promise<SharedProcessStart<Process>>
  abortStart: () => void
  remove: () => void
  leases: number
}

async function start<Launch, Process>(
  options: SharedProcessesOptions<Launch, Process>,
  launch: Launch,
  signal: AbortSignal,
): Promise<SharedProcessStart<Process>> {
  try {
    return await options.start(launch, signal)
  } catch (cause) {
    return { type: 'failed', failure: createExceptionFailure(cause) }
  }
}

/** Resolves as a promise does, or to `aborted` as soon as the signal is aborted. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  const waiting = new AbortController()
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted')
    signal.addEventListener('abort', () => resolve('aborted'), { signal: waiting.signal })
  })
  const first = await Promise.race([promise, aborted])
  waiting.abort()
  return signal.aborted ? 'aborted' : first
}

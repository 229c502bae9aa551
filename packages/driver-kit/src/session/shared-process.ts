import type { CloseMode, Failure } from '@subagent-mcp/contract'
import { calledOff, unexpectedFailure } from './failures.js'

/** How a start ended. `gone` resolves when the process is dead, whoever ended it. */
export type SharedStart<Process> =
  | { type: 'started'; process: Process; gone: Promise<unknown> }
  | { type: 'failed'; failure: Failure }

/** A part in a process. `release` gives it back and, if it was the last, resolves when the process is gone. */
export type Lease<Process> =
  | { type: 'leased'; process: Process; release: (mode?: CloseMode) => Promise<void> }
  | { type: 'failed'; failure: Failure }

/** Processes that sessions share. */
export type SharedProcesses<Launch, Process> = {
  /**
   * A part in the process with this launch's key, which is started when there is none. Never rejects. Aborting
   * `signal` before it has resolved gives it up; others keep theirs, and without others the process ends.
   */
  lease(launch: Launch, signal: AbortSignal): Promise<Lease<Process>>
}

/** How the processes are told apart, started and ended. */
export type SharedProcessesOptions<Launch, Process> = {
  keyOf: (launch: Launch) => string
  /** Aborting `signal` ends what it has begun; it still resolves then. */
  start: (launch: Launch, signal: AbortSignal) => Promise<SharedStart<Process>>
  /** Resolves when the process is gone. Idempotent; a later `kill` hurries an earlier `graceful`. */
  stop: (process: Process, mode: CloseMode) => Promise<void>
}

/** One process for each key: started by its first lease, ended with its last, forgotten as soon as it dies. */
export function createSharedProcesses<Launch, Process>(
  options: SharedProcessesOptions<Launch, Process>,
): SharedProcesses<Launch, Process> {
  const { keyOf, stop } = options
  const running = new Map<string, Shared<Process>>()

  const begin = (key: string, launch: Launch) => {
    const calling = new AbortController()
    const starting = start(options, launch, calling.signal)
    const forget = () => {
      if (running.get(key) === shared) running.delete(key)
    }
    const shared: Shared<Process> = { starting, callOff: () => calling.abort(), forget, leases: 0 }
    running.set(key, shared)
    void starting.then((outcome) => (outcome.type === 'failed' ? forget() : outcome.gone.then(forget)))
    return shared
  }

  const end = async ({ starting, callOff, forget }: Shared<Process>, mode: CloseMode) => {
    // First of all: who comes now must not get a process that is dying.
    forget()
    callOff()
    const outcome = await starting
    if (outcome.type === 'started') await stop(outcome.process, mode)
  }

  return {
    lease: async (launch, signal) => {
      if (signal.aborted) return { type: 'failed', failure: calledOff }
      const key = keyOf(launch)
      const shared = running.get(key) ?? begin(key, launch)
      shared.leases += 1
      let held = true
      const release = async (mode: CloseMode = 'graceful') => {
        if (held) shared.leases -= 1
        held = false
        if (shared.leases === 0) await end(shared, mode)
      }
      const outcome = await unlessAborted(shared.starting, signal)
      if (outcome === 'aborted') {
        await release('kill')
        return { type: 'failed', failure: calledOff }
      }
      if (outcome.type === 'failed') return outcome
      return { type: 'leased', process: outcome.process, release }
    },
  }
}

type Shared<Process> = {
  starting: Promise<SharedStart<Process>>
  callOff: () => void
  forget: () => void
  leases: number
}

async function start<Launch, Process>(
  options: SharedProcessesOptions<Launch, Process>,
  launch: Launch,
  signal: AbortSignal,
): Promise<SharedStart<Process>> {
  try {
    return await options.start(launch, signal)
  } catch (cause) {
    return { type: 'failed', failure: unexpectedFailure(cause) }
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  const waiting = new AbortController()
  const aborted = new Promise<'aborted'>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { signal: waiting.signal })
  })
  const first = await Promise.race([promise, aborted])
  waiting.abort()
  return signal.aborted ? 'aborted' : first
}

import type { WorkerView } from '@subagent-mcp/api'
import { omitUndefined, SubagentError } from '@subagent-mcp/contract'
import {
  formatErrorOnOneLine,
  formatWorkerLine,
  formatWorkerPauseReason,
  type WorkerEnd,
  type WorkerStatus,
} from '@subagent-mcp/worker'
import { runWorkerLoops, type WorkerLoopDependencies, type WorkerRequest } from './run-worker-loops.js'
import type { WorkerEvent } from './worker-event.js'
import { openWorkerLog, getWorkerLogPath } from './worker-state-file.js'
import {
  beginWorkerLife,
  reduceWorkerLife,
  type RestartAllowance,
  type WorkerEffect,
  type WorkerFact,
  type WorkerLife,
} from './worker-life.js'

export type LiveWorkerOptions = {
  loops: WorkerLoopDependencies
  name: string
  request: WorkerRequest
  allowance: RestartAllowance
  /** Whether every error leads to a restart. Otherwise whoever waits for the end gets those that name their cause. */
  isKept: boolean
  onEvent: (event: WorkerEvent) => void
}

/** A worker with its life: its loops, and their restarts. */
export type LiveWorker = {
  view(): Pick<WorkerView, 'status' | 'restarts' | 'since' | 'lastError'>
  /** Resolves when the worker has stopped, rejects when it was given up. */
  ended: Promise<readonly WorkerEnd[]>
  /** Stops the worker; one that is hurried does not wait for its turn. */
  stop(isHurried?: boolean): void
}

/** The end of a worker's loops: of each replica, or by an error. */
type LoopsEnd = { ends: readonly WorkerEnd[] } | { error: unknown }

/** Starts a worker, and starts its loops again when they fail. */
export function createLiveWorker(given: LiveWorkerOptions): LiveWorker {
  const parts = { ...given, onEvent: harmless(given.onEvent) }
  const { clock } = parts.loops.supervisor
  const hurry = new AbortController()
  const statuses = new Map<number, WorkerStatus>()
  const [begun, ...first] = beginWorkerLife(clock.now())
  let life = begun
  let stop = new AbortController()
  let cancelPause = (): void => undefined
  const ending = createEnding()
  const dispatch = (fact: WorkerFact): void => {
    const [next, ...effects] = reduceWorkerLife(life, fact, parts.allowance)
    life = next
    for (const effect of effects) carryOut(effect)
    ending.settle(life)
  }
  const run = async (): Promise<void> => {
    stop = new AbortController()
    statuses.clear()
    const signals = { stop: stop.signal, hurry: hurry.signal, onEvent: parts.onEvent }
    const onRegistered = (): void => {
      dispatch({ type: 'registered', at: clock.now() })
    }
    const onStatus = (replica: number, status: WorkerStatus) => statuses.set(replica, status)
    const run = { ...signals, onRegistered, onStatus }
    const end = await endOf(runWorkerLoops(parts.loops, parts.request, run))
    ending.last = end
    dispatch(factOf(end, { at: clock.now(), ...parts }))
  }
  const carryOut = (effect: WorkerEffect): void => {
    if (effect.type === 'run') void run()
    else if (effect.type === 'stop') stop.abort()
    else {
      report(parts, { at: clock.now(), due: effect.due, error: life.lastError ?? '' })
      cancelPause = clock.after(effect.due - clock.now(), () => {
        dispatch({ type: 'pause-ended', at: clock.now() })
      })
    }
  }
  for (const effect of first) carryOut(effect)
  return {
    ended: ending.ended,
    view: () => viewOf(life, [...statuses.values()]),
    stop: (isHurried = false) => {
      if (isHurried) hurry.abort()
      cancelPause()
      dispatch({ type: 'stop-requested', at: clock.now() })
    },
  }
}

/** The promise of a worker's end. `settle` settles it when the worker's life is over, by how its loops ended last. */
function createEnding() {
  let settle = (_life: WorkerLife): void => undefined
  const state: { last: LoopsEnd } = { last: { ends: [] } }
  const ended = new Promise<readonly WorkerEnd[]>((resolve, reject) => {
    settle = ({ status }) => {
      const { last } = state
      if (status === 'stopped') resolve('ends' in last ? last.ends : [])
      if (status === 'given-up') reject('error' in last ? asError(last.error) : new Error('given up'))
    }
  })
  return Object.assign(state, {
    ended,
    settle: (life: WorkerLife) => {
      settle(life)
    },
  })
}

/** Returns a listener whose errors are dropped, because they are not the worker's. */
function harmless(listener: LiveWorkerOptions['onEvent']): LiveWorkerOptions['onEvent'] {
  return (event) => {
    try {
      listener(event)
    } catch {
      // The listener belongs to the program that watches the worker.
    }
  }
}

async function endOf(loops: Promise<readonly WorkerEnd[]>): Promise<LoopsEnd> {
  try {
    return { ends: await loops }
  } catch (error) {
    return { error }
  }
}

function factOf(
  end: LoopsEnd,
  { at, isKept, request }: Pick<LiveWorkerOptions, 'isKept' | 'request'> & { at: number },
): WorkerFact {
  if ('ends' in end) return { type: 'loops-ended', at }
  const isFinal = request.once || (!isKept && end.error instanceof SubagentError)
  return { type: 'loops-failed', at, error: formatErrorOnOneLine(end.error), isFinal }
}

/** Reports that the loops of a worker have failed, as a line of its log. */
function report(
  { onEvent, loops, name }: LiveWorkerOptions,
  { at, due, error }: { at: number; due: number; error: string },
) {
  const seconds = Math.round((due - at) / 1_000)
  const problem = formatErrorOnOneLine(`the worker failed, and restarts in ${seconds} s: ${error}`)
  const line = { at, type: 'trouble', problem } as const
  const { folder } = loops.support
  if (folder !== undefined) openWorkerLog(getWorkerLogPath(folder, name))(at, formatWorkerLine(line))
  onEvent({ type: 'line', replica: 1, line })
}

/** Returns the state of a worker for callers. One that takes no messages until something is repaired is `blocked`. */
function viewOf(life: WorkerLife, statuses: readonly WorkerStatus[]): ReturnType<LiveWorker['view']> {
  const { restarts, lastError } = life
  const block = statuses.find((status) => status.type === 'blocked')
  const since = life.status === 'restarting' ? undefined : life.since
  if (life.status === 'running' && block)
    return {
      status: 'blocked',
      restarts,
      ...omitUndefined({ since }),
      lastError: formatWorkerPauseReason(block),
    }
  const status = life.status === 'stopping' ? 'stopped' : life.status
  return { status, restarts, ...omitUndefined({ since, lastError }) }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

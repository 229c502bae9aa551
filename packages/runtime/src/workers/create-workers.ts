import type { WorkerSettings, WorkerView } from '@subagent-mcp/api'
import { omitUndefined, selectDefinedVariables, once, SubagentError } from '@subagent-mcp/contract'
import { settlesWithin, type Environment } from '@subagent-mcp/driver-kit'
import type { WorkerEnd } from '@subagent-mcp/worker'
import { convertToMailName } from '@subagent-mcp/mailbox/names'
import { realpathSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { createLiveWorker, type LiveWorker } from './live-worker.js'
import { planRuntimeWorker, type WorkerLoopDependencies, type WorkerRequest } from './run-worker-loops.js'
import type { WorkerEvent } from './worker-event.js'
import { checkWorkerFolder, createWorkerTakenError } from './worker-state-file.js'
import type { RestartAllowance } from './worker-life.js'

/** How a worker is started: its settings and its folder. */
export type StartWorkerOptions = WorkerSettings & {
  /** Default: the current folder of this process. */
  folder?: string
  /** The environment of its sessions. Default: that of this process. */
  environment?: Environment
  /** The process that starts it, whose rights limit its own. */
  pid?: number
  /** Whether it ends after one batch of messages. */
  once?: boolean
  /** The most restarts after failures. Default: 5 within 10 minutes. */
  restarts?: RestartAllowance
  /**
   * Whether every failure leads to a restart, also one that names its cause, such as a folder that does not exist yet. Default: the
   * start, or the end of the worker, rejects with such an error.
   */
  isKept?: boolean
  onEvent?: (event: WorkerEvent) => void
}

/** A worker that was started. */
export type StartedWorker = {
  name: string
  folder: string
  view(): Pick<WorkerView, 'name' | 'folder' | 'status' | 'restarts' | 'since' | 'lastError'>
  /** Resolves with the end of each replica. Rejects with the last error of a worker that was given up. */
  ended: Promise<readonly WorkerEnd[]>
  /** Ends the worker: a running turn gets five seconds. Resolves when it has ended. */
  stop(): Promise<void>
  /** Ends the worker immediately. Resolves when it has ended. */
  end(): Promise<void>
}

/** The workers of a runtime: agents that answer the messages to a name, each in a folder of its own. */
export type Workers = {
  /**
   * Starts a worker. Resolves before it takes messages. @throws SubagentError for settings that cannot be used, and
   * `already-running` where a worker has the name or the folder
   */
  start(options: StartWorkerOptions): Promise<StartedWorker>
  /** Checks whether a worker could be started, and returns its name. @throws SubagentError as `start` does */
  check(options: StartWorkerOptions): Promise<string>
  /** The workers that have not ended. */
  list(): readonly StartedWorker[]
  /** Whether the workers end because the runtime is closed. */
  isClosing(): boolean
  /** Ends all workers and refuses new ones; those that take too long are ended immediately. Resolves in bounded time. */
  close(): Promise<void>
}

const defaultRestarts: RestartAllowance = { max: 5, withinMs: 600_000 }

/** Creates the workers of a runtime. None runs before the first start. */
export function createWorkers(parts: WorkersParts): Workers {
  const workers = new Map<string, StartedWorker>()
  let isClosed = false
  const { loops, check, checkFree, untilFree } = createChecks(parts, { workers, isClosed: () => isClosed })
  const start = async (options: StartWorkerOptions): Promise<StartedWorker> => {
    const request = requestOf(options)
    const { isKept = false, onEvent = () => undefined, restarts: allowance = defaultRestarts } = options
    await untilFree()
    const { name, folder: given } = isKept ? namesOf(request) : await check(request)
    const folder = realFolder(given)
    checkFree({ name, folder })
    parts.support.onStart?.()
    const live = createLiveWorker({ loops, name, request, allowance, isKept, onEvent })
    const started = startedWorker(live, { name, folder })
    workers.set(name, started)
    const forget = (): void => {
      workers.delete(name)
    }
    started.ended.then(forget, forget)
    return started
  }
  return {
    start,
    check: async (options) => {
      await untilFree()
      return (await check(requestOf(options))).name
    },
    isClosing: () => isClosed,
    list: () => [...workers.values()],
    close: once(async () => {
      isClosed = true
      const stops = Promise.all([...workers.values()].map(({ stop }) => stop()))
      if (await settlesWithin(stops, politeMs)) return
      await settlesWithin(Promise.all([...workers.values()].map(({ end }) => end())), lastMs)
    }),
  }
}

type WorkersParts = Omit<WorkerLoopDependencies, 'checkFolder'>
type Running = { workers: ReadonlyMap<string, StartedWorker>; isClosed: () => boolean }

/** Creates the checks of names and folders, of which each has one worker on a machine. */
function createChecks(parts: WorkersParts, { workers, isClosed }: Running) {
  const { support } = parts
  /** Needs no `await` between this check and the start, because another start may be under way. */
  const checkFree = ({ name, folder }: WorkerNames): void => {
    if (isClosed()) throw stopping()
    const other = [...workers.values()].find((worker) => worker.name === name || worker.folder === folder)
    if (other) throw takenBy(other)
  }
  const checkFolder: WorkerLoopDependencies['checkFolder'] = ({ name, folder }) => {
    const place = realpathSync.native(folder)
    for (const worker of workers.values()) {
      // Of two workers of one folder, the one that was started later yields.
      if (worker.name === name) break
      if (worker.folder === place) throw takenBy(worker)
    }
    if (support.folder !== undefined) checkWorkerFolder(support.folder, { place, pid: process.pid })
  }
  const loops: WorkerLoopDependencies = { ...parts, checkFolder }
  return {
    loops,
    checkFree,
    check: async (request: WorkerRequest): Promise<WorkerNames> => {
      const plan = await planRuntimeWorker(loops, request)
      checkFree({ ...plan, folder: realFolder(plan.folder) })
      checkFolder(plan)
      return plan
    },
    /** Waits for workers that are ending, because their names and folders are about to be free. */
    untilFree: async (): Promise<void> => {
      const ending = [...workers.values()].filter((worker) => worker.view().status === 'stopped')
      await settlesWithin(Promise.allSettled(ending.map(({ ended }) => ended)), longestStop)
    },
  }
}

/** The milliseconds that running turns get when the runtime is closed, and those in which everything else must have ended. */
const politeMs = 2_000
const lastMs = 4_000

function requestOf(options: StartWorkerOptions): WorkerRequest {
  const {
    folder,
    environment,
    pid,
    once: isOnce,
    restarts: _,
    isKept: _k,
    onEvent: _e,
    ...settings
  } = options
  return {
    settings,
    place: {
      folder: folder ?? process.cwd(),
      environment: environment ?? selectDefinedVariables(process.env),
      ...omitUndefined({ pid }),
    },
    once: isOnce ?? false,
  }
}

type WorkerNames = { name: string; folder: string }

/** The name and the folder of a worker that is started also where its settings cannot be used yet. */
function namesOf({ settings, place }: WorkerRequest): WorkerNames {
  const folder = resolve(place.folder)
  return { folder, name: settings.name ?? convertToMailName(basename(folder)) }
}

/** Returns the real path of a folder, because a folder has only one worker, whatever link names it. */
function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder)
  } catch {
    return folder // It does not exist yet.
  }
}

function takenBy(other: StartedWorker): SubagentError {
  return createWorkerTakenError({ ...other, since: other.view().since ?? Date.now() })
}

function stopping(): SubagentError {
  return new SubagentError('at-capacity', 'the daemon is stopping', {
    hint: 'start the worker again when it has ended',
  })
}

function startedWorker(live: LiveWorker, self: Pick<StartedWorker, 'name' | 'folder'>): StartedWorker {
  const { name, folder } = self
  const settled = live.ended.then(
    () => undefined,
    () => undefined,
  )
  return {
    ...self,
    ended: live.ended,
    view: () => ({ name, folder, ...live.view() }),
    stop: async () => {
      live.stop()
      if (!(await settlesWithin(settled, longestStop))) live.stop(true)
      await settled
    },
    end: () => {
      live.stop(true)
      return settled
    },
  }
}

/** The milliseconds that a stopped worker may take before it is ended immediately. */
const longestStop = 20_000

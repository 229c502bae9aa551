import type { WorkerFleet, WorkerSettingsWithFolder, WorkerRestartLimit, WorkerView } from '@subagent-mcp/api'
import type { Environment } from '@subagent-mcp/driver-kit'
import type { Workers } from '@subagent-mcp/runtime'
import {
  checkWorkerListChangeable,
  checkFleetFile,
  checkPersistentWorkerName,
  checkWorkerListOwner,
} from './check-worker-list.js'
import {
  readWorkerListFile,
  writeWorkerListFile,
  type FleetPlan,
  type WorkerListOwner,
  type WorkerListEntry,
} from './worker-list.js'
import {
  createPersistentWorker,
  type PersistentWorker,
  type PersistentWorkerRun,
} from './persistent-worker.js'

/** The record, the environment and the settings with which a daemon keeps workers. */
export type PersistentWorkersOptions = {
  workers: Pick<Workers, 'start' | 'check'>
  /** The path of the record. */
  path: string
  owner: WorkerListOwner
  /** The daemon's environment, which workers get after a restart of the daemon. It contains no keys. */
  environment: Environment
  /** Returns the names of the variables that look like API keys. */
  keyNames(environment: Environment): readonly string[]
  /** Returns the command with which a user runs another version of this program. */
  commandOf(version: string, words: string): string
  /** Called after each change with whether another daemon must be started if this one is killed. */
  onChange(isUp: boolean): void
  now(): number
  /** Milliseconds between attempts to take the list of another daemon, which had it at the start. Default: 5 s. */
  retryMs?: number
  log(line: string): void
}

/**
 * The workers that a daemon keeps running, also after a restart: those of the fleet file that is up, and those that a command has left to
 * it. Methods throw SubagentError `already-running` where a running daemon of another version keeps workers, and `at-capacity` for a change
 * after `letGo`, because the next daemon would not know of it.
 */
export type PersistentWorkers = {
  /** Starts the workers that an earlier daemon kept, or those of another one as soon as that has ended. Never throws. */
  begin(): void
  /** Whether any worker is kept, so that the daemon must not exit when it is idle. */
  isUp(): boolean
  list(): readonly WorkerView[]
  fleet(): WorkerFleet
  /**
   * Applies a fleet file: new workers are started, removed ones ended; changed, failing and blocked ones and those that lack keys
   * are restarted.
   */
  up(plan: FleetPlan): WorkerFleet
  /** Stops the fleet; resolves with the names of its workers when they have ended. */
  down(): Promise<readonly string[]>
  /** Starts a worker and keeps it. @throws SubagentError for settings that cannot be used, or a name or folder that is taken */
  keep(worker: WorkerSettingsWithFolder, environment: Environment): Promise<WorkerView>
  /**
   * Stops a worker, also one that is about to start. One that a command has left to the daemon leaves the list. Resolves when it has ended,
   * with whether it was kept and had not ended before.
   */
  stop(name: string): Promise<boolean>
  /** Stops recording, because the daemon ends and the next one starts these workers again. */
  letGo(): void
}

/** The list, the fleet file that is up, and the ends of workers that have left the list. */
type List = {
  parts: PersistentWorkersOptions
  keepings: Map<string, PersistentWorker>
  ending: Map<string, Promise<void>>
  file: string | undefined
  restarts: WorkerRestartLimit
  isLetGo: boolean
  /** The next attempt to take the list of another daemon. */
  retry?: NodeJS.Timeout
}

/** Opens the list of kept workers. No worker is started before a method is called. */
export function openPersistentWorkers(parts: PersistentWorkersOptions): PersistentWorkers {
  const list: List = {
    ...{ parts, keepings: new Map(), ending: new Map(), file: undefined, isLetGo: false },
    restarts: { max: 5, minutes: 10 },
  }
  const views = (all: Iterable<PersistentWorker>): WorkerView[] => [...all].map((each) => each.view())
  const fleet = (): WorkerFleet => ({
    ...(list.file !== undefined && { file: list.file }),
    workers: views(fleetOf(list)),
  })
  return {
    begin: () => {
      takeOverWhenFree(list)
    },
    isUp: () => list.keepings.size > 0,
    list: () => views(list.keepings.values()),
    fleet: () => {
      takeOver(list)
      return fleet()
    },
    up: (plan) => {
      checkWorkerListChangeable(list)
      takeOver(list)
      checkFleetFile(list.file, plan.file)
      for (const { name = '' } of plan.workers) checkPersistentWorkerName(list, name, 'fleet')
      apply(list, plan)
      return fleet()
    },
    down: async () => {
      checkWorkerListChangeable(list)
      takeOver(list)
      return end(list)
    },
    keep: (worker, environment) => keep(list, worker, environment),
    stop: (name) => stop(list, name),
    letGo: () => {
      list.isLetGo = true
      clearTimeout(list.retry)
      parts.onChange(false)
    },
  }
}

/** Takes over the list, and tries again every few seconds while another daemon has it. Only the first failure is logged. */
function takeOverWhenFree(list: List, isFirst = true): void {
  const { parts } = list
  try {
    takeOver(list)
  } catch (error) {
    if (isFirst) parts.log(`keeps no workers: ${error instanceof Error ? error.message : String(error)}`)
    const again = (): void => {
      takeOverWhenFree(list, false)
    }
    list.retry = setTimeout(again, parts.retryMs ?? 5_000).unref()
  }
}

/** Starts the workers that a dead daemon kept. @throws SubagentError if another running daemon keeps workers */
function takeOver(list: List): void {
  const { parts, keepings, file: isUp, isLetGo } = list
  const found =
    keepings.size > 0 || isUp !== undefined || isLetGo ? undefined : readWorkerListFile(parts.path)
  if (found === undefined) return
  if (found === 'unreadable') {
    parts.log(`${parts.path} cannot be read, so the workers of an earlier daemon are not started`)
    return
  }
  checkWorkerListOwner(found, parts)
  list.file = found.file
  list.restarts = found.restarts
  for (const kept of found.workers) {
    if (kept.ended) keepings.set(kept.worker.name ?? '', keepingOf(list, kept))
    else begin(list, kept, { environment: parts.environment, restarts: found.restarts })
  }
  parts.log(`starts the workers that an earlier daemon kept: ${found.workers.length}`)
  record(list)
}

/** Makes the fleet that of a file. The workers are then listed in the order of the file. */
function apply(
  list: List,
  { file, workers, restarts, environment = list.parts.environment }: FleetPlan,
): void {
  const keys = [...list.parts.keyNames(environment)]
  const before = new Map(fleetOf(list).map((keeping) => [nameOf(keeping), keeping]))
  list.file = file
  list.restarts = restarts
  for (const name of before.keys())
    if (!workers.some((worker) => worker.name === name)) void remove(list, name)
  for (const worker of workers) {
    const name = worker.name ?? ''
    const same = before.get(name)
    if (same && isUpToDate(same, worker, keys)) {
      list.keepings.delete(name)
      list.keepings.set(name, same)
    } else begin(list, { worker, origin: 'fleet', keys }, { environment, restarts })
  }
  record(list)
}

/** Starts a worker that a command leaves to the daemon. */
async function keep(
  list: List,
  worker: WorkerSettingsWithFolder,
  environment: Environment,
): Promise<WorkerView> {
  const { parts } = list
  checkWorkerListChangeable(list)
  takeOver(list)
  await parts.workers.check({ ...worker, environment })
  // Another request may have changed the list meanwhile.
  checkWorkerListChangeable(list)
  checkPersistentWorkerName(list, worker.name ?? '', 'detached')
  const kept: WorkerListEntry = { worker, origin: 'detached', keys: [...parts.keyNames(environment)] }
  const keeping = begin(list, kept, { environment, restarts: list.restarts })
  record(list)
  return keeping.view()
}

/** Stops the workers of the fleet; resolves with their names when they have ended. */
async function end(list: List): Promise<readonly string[]> {
  const names = fleetOf(list).map(nameOf)
  list.file = undefined
  const ended = Promise.all(names.map((name) => remove(list, name)))
  record(list)
  await ended
  return names
}

async function stop(list: List, name: string): Promise<boolean> {
  const keeping = list.keepings.get(name)
  if (!keeping) return false
  const { origin, ended } = keeping.kept()
  if (ended && origin === 'fleet') return false
  checkWorkerListChangeable(list)
  const stopped = origin === 'fleet' ? keeping.stop() : remove(list, name)
  if (!ended) list.parts.log(`worker ${name} is stopped`)
  record(list)
  await stopped
  return !ended
}

/** Whether a worker takes messages, or is about to, with these settings and API keys. */
function isUpToDate(
  keeping: PersistentWorker,
  worker: WorkerSettingsWithFolder,
  keys: readonly string[],
): boolean {
  const { ended, worker: its } = keeping.kept()
  const { status } = keeping.view()
  const has = keeping.keys()
  const isWell = !ended && status !== 'restarting' && status !== 'blocked'
  return isWell && JSON.stringify(its) === JSON.stringify(worker) && keys.every((key) => has.includes(key))
}

/** Starts a worker of the list, or starts it again. It becomes the last of the list. */
function begin(list: List, kept: WorkerListEntry, run: PersistentWorkerRun): PersistentWorker {
  const name = kept.worker.name ?? ''
  const keeping = list.keepings.get(name) ?? keepingOf(list, kept)
  list.keepings.delete(name)
  list.keepings.set(name, keeping)
  keeping.begin(kept, run)
  return keeping
}

function keepingOf(list: List, kept: WorkerListEntry): PersistentWorker {
  const { parts, ending } = list
  const onEnd = ({ origin, worker, ended }: WorkerListEntry): void => {
    if (list.isLetGo) return
    const name = worker.name ?? ''
    parts.log(`worker ${name} is ${ended?.status ?? ''}${ended?.lastError ? `: ${ended.lastError}` : ''}`)
    // A worker that a command has left to the daemon is no longer kept when it was stopped.
    if (origin === 'detached' && ended?.status === 'stopped') list.keepings.delete(name)
    record(list)
  }
  return createPersistentWorker({ ...parts, onEnd, first: kept, before: ending.get(kept.worker.name ?? '') })
}

/** Takes a worker from the list. Resolves when it has ended; until then no other one with its name is started. */
async function remove({ keepings, ending }: List, name: string): Promise<void> {
  const ended = keepings.get(name)?.stop()
  keepings.delete(name)
  if (!ended) return
  ending.set(name, ended)
  await ended
  if (ending.get(name) === ended) ending.delete(name)
}

function record({ parts, keepings, file, restarts, isLetGo }: List): void {
  if (isLetGo) return
  const workers = [...keepings.values()].map((keeping) => keeping.kept())
  try {
    checkWorkerListOwner(readWorkerListFile(parts.path), parts)
    writeWorkerListFile(parts.path, {
      ...{ owner: parts.owner, restarts, workers },
      ...(file !== undefined && { file }),
    })
  } catch (error) {
    parts.log(
      `the list of workers cannot be written, so the next daemon will not start them: ${String(error)}`,
    )
  }
  parts.onChange(workers.some(({ ended }) => !ended))
}

function fleetOf({ keepings }: List): PersistentWorker[] {
  return [...keepings.values()].filter((keeping) => keeping.kept().origin === 'fleet')
}

function nameOf(keeping: PersistentWorker): string {
  return keeping.kept().worker.name ?? ''
}

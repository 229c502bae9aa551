import type { WorkerRestartLimit, WorkerView } from '@subagent-mcp/api'
import { omitUndefined } from '@subagent-mcp/contract'
import type { Environment } from '@subagent-mcp/driver-kit'
import type { StartedWorker, Workers } from '@subagent-mcp/runtime'
import type { WorkerListEntry } from './worker-list.js'

/** The environment and the limit of restarts of a kept worker. */
export type PersistentWorkerRun = { environment: Environment; restarts: WorkerRestartLimit }

/** A worker of the list, and its run. */
export type PersistentWorker = {
  kept(): WorkerListEntry
  /** The names of the keys that its environment has. */
  keys(): readonly string[]
  view(): WorkerView
  /** Ends the current run, if there is one, and starts the worker with these settings. */
  begin(kept: WorkerListEntry, run: PersistentWorkerRun): void
  /** Ends the run for good, also one that is about to start. Resolves when it has ended, which is not reported. */
  stop(): Promise<void>
}

export type PersistentWorkerOptions = {
  workers: Pick<Workers, 'start'>
  keyNames: (environment: Environment) => readonly string[]
  now: () => number
  /** Called when the worker has ended by itself or by `workers stop`, or was given up. */
  onEnd: (kept: WorkerListEntry) => void
  first: WorkerListEntry
  /** The end of an earlier worker with the same name, after which this one starts. */
  before: Promise<void> | undefined
}

/** Creates a worker of the list, which does not run yet. */
export function createPersistentWorker(parts: PersistentWorkerOptions): PersistentWorker {
  let kept = parts.first
  let keys: readonly string[] = []
  let started: StartedWorker | undefined
  let work = parts.before ?? Promise.resolve()
  /** Counts the starts and stops, so that the end of a replaced run changes nothing. */
  let latest = 0

  const over = (turn: number, end: KeptEnd): void => {
    if (turn !== latest) return
    started = undefined
    kept = { ...kept, ended: { ...end, at: parts.now() } }
    parts.onEnd(kept)
  }
  const end = async (): Promise<void> => {
    const run = started
    started = undefined
    await run?.stop()
  }
  const start = async ({ environment, restarts: { max, minutes } }: PersistentWorkerRun, turn: number) => {
    await end()
    if (turn !== latest) return
    try {
      const restarts = { max, withinMs: minutes * 60_000 }
      const run = await parts.workers.start({ ...kept.worker, environment, isKept: true, restarts })
      started = run
      void untilEnded(run).then((ended) => over(turn, ended))
    } catch (error) {
      over(turn, { status: 'given-up', lastError: textOf(error) })
    }
  }
  return {
    kept: () => kept,
    keys: () => keys,
    view: () => viewOf(kept, { started, keys }),
    begin: (next, run) => {
      kept = next
      keys = parts.keyNames(run.environment)
      latest += 1
      const turn = latest
      work = work.then(() => start(run, turn))
    },
    stop: () => {
      latest += 1
      kept = { ...kept, ended: kept.ended ?? { status: 'stopped', at: parts.now() } }
      work = work.then(end)
      return work
    },
  }
}

type KeptEnd = Omit<NonNullable<WorkerListEntry['ended']>, 'at'>

async function untilEnded(run: StartedWorker): Promise<KeptEnd> {
  try {
    await run.ended
    return { status: 'stopped' }
  } catch (error) {
    return { status: 'given-up', lastError: run.view().lastError ?? textOf(error) }
  }
}

function viewOf(
  { worker, ended, keys: needed }: WorkerListEntry,
  { started, keys }: { started: StartedWorker | undefined; keys: readonly string[] },
): WorkerView {
  const { name = '', folder } = worker
  const lacks = ended ? [] : needed.filter((key) => !keys.includes(key))
  const rest = { kept: true, ...(lacks.length > 0 && { lacks }) }
  if (started) return { ...started.view(), folder, ...rest }
  if (!ended) return { name, folder, status: 'starting', restarts: 0, ...rest }
  const { status, at, lastError } = ended
  return { name, folder, status, since: at, restarts: 0, ...omitUndefined({ lastError }), ...rest }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

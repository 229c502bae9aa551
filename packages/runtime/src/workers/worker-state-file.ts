import { SubagentError, parseJson } from '@subagent-mcp/contract'
import { createFolderWithParents, isSameProcessRunning, withLockFile } from '@subagent-mcp/driver-kit'
import { WorkerMemory, type WorkerMemoryPort, type WorkerStatus } from '@subagent-mcp/worker'
import { maskSecrets } from '@subagent-mcp/permissions'
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The current or last run of a worker, and the process in which it runs. Times are Unix milliseconds. */
const StoredWorkerProcess = z.looseObject({
  name: z.string(),
  folder: z.string(),
  provider: z.string().exactOptional(),
  model: z.string().exactOptional(),
  agent: z.string().exactOptional(),
  pid: z.number(),
  startTime: z.string(),
  since: z.number(),
  /** A hash of the launch options and rights of the worker's sessions. */
  launch: z.string(),
})
export type StoredWorkerProcess = z.infer<typeof StoredWorkerProcess>

/** The stored state of a worker. Unknown keys are kept, because a newer version may have written them. */
const StoredWorkerState = z.looseObject({ worker: StoredWorkerProcess, replicas: z.array(WorkerMemory) })
export type StoredWorkerState = z.infer<typeof StoredWorkerState>

/** The path of a worker's state file in the folder of workers. */
export function getWorkerStatePath(folder: string, name: string): string {
  return join(folder, `${name}.json`)
}

/** The path of a worker's log in the folder of workers. Older lines are in a second file, whose name ends with `.1`. */
export function getWorkerLogPath(folder: string, name: string): string {
  return join(folder, `${name}.log`)
}

/**
 * Reads the state of a worker; `undefined` if no worker of this name ever ran. @throws SubagentError that names an unreadable file
 */
export function readWorkerState(path: string): StoredWorkerState | undefined {
  if (!existsSync(path)) return undefined
  const hint = 'mend it, or move it away: its worker then starts without memory'
  try {
    const read = StoredWorkerState.safeParse(parseJson(readFileSync(path, 'utf8')))
    if (read.success) return read.data
    throw new SubagentError('config-unreadable', `${path} is no worker's state`, { hint, cause: read.error })
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    throw new SubagentError('config-unreadable', `cannot read ${path} (${String(cause)})`, { hint, cause })
  }
}

/** The paths of the state files of all workers that ever ran here, sorted by name. */
export function listWorkerStatePaths(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => join(folder, name))
}

/** The current statuses of a worker's replicas. Those of earlier runs are left out. */
export function listCurrentStatuses({ worker, replicas }: StoredWorkerState): readonly WorkerStatus[] {
  return replicas.map(({ status }) => status).filter(({ since }) => since >= worker.since)
}

/** Whether a worker runs: its process does, and it has not stopped there. */
export function isWorkerRunning(state: StoredWorkerState): boolean {
  const now = listCurrentStatuses(state)
  const hasStopped = now.length > 0 && now.every(({ type }) => type === 'stopped')
  return !hasStopped && isSameProcessRunning(state.worker)
}

/** Checks that no other process runs a worker in a folder. Files that cannot be read are skipped. @throws SubagentError `already-running` */
export function checkWorkerFolder(folder: string, { place, pid }: { place: string; pid: number }): void {
  for (const path of listWorkerStatePaths(folder)) {
    const state = readWorkerStateIfReadable(path)
    if (state && state.worker.folder === place && state.worker.pid !== pid && isWorkerRunning(state))
      throw createWorkerTakenError(state.worker)
  }
}

/** Reads the state of a worker; `undefined` also for a file that cannot be read. */
export function readWorkerStateIfReadable(path: string): StoredWorkerState | undefined {
  try {
    return readWorkerState(path)
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return undefined
  }
}

/**
 * Claims a worker name for a run in this process, and returns the memory of each replica. Sessions with other launch options are not continued,
 * because they would keep their earlier permissions.
 * @throws SubagentError `already-running` that names the process which has it, and `config-unreadable`
 */
export function claimWorkerName(
  path: string,
  worker: StoredWorkerProcess,
): (replica: number) => WorkerMemoryPort {
  let state = withLockFile(`${path}.lock`, () => {
    const before = readWorkerState(path)
    if (before && isWorkerRunning(before) && before.worker.pid !== worker.pid)
      throw createWorkerTakenError(before.worker)
    const known = before?.replicas ?? []
    const replicas = before?.worker.launch === worker.launch ? known : known.map(withoutSession)
    const claimed = { ...before, worker, replicas }
    write(path, claimed)
    return claimed
  })
  const save = writeLast(path, () => state)
  return (replica) => ({
    load: () => state.replicas[replica],
    save: (memory) => {
      const replicas = [...state.replicas]
      // Fills the places of replicas that have not started yet, because the array must have no gaps.
      for (let index = replicas.length; index < replica; index += 1) replicas.push(memory)
      replicas[replica] = memory
      state = { ...state, replicas }
      return save()
    },
  })
}

function withoutSession({ session: _session, ...memory }: WorkerMemory): WorkerMemory {
  return memory
}

/** The error of a second worker with the name or the folder of a running one. */
export function createWorkerTakenError({
  name,
  folder,
  since,
}: Pick<StoredWorkerProcess, 'name' | 'folder' | 'since'>): SubagentError {
  const message = `worker '${name}' is at work in ${folder} since ${new Date(since).toISOString()}`
  const hint = `subagent-mcp workers stop ${name}, or give this one another folder and name`
  return new SubagentError('already-running', message, { hint })
}

/**
 * Returns a function that writes the newest state without blocking the event loop, because replacing a file may wait for the disk. Calls
 * during a write share the next one.
 */
function writeLast(path: string, newest: () => StoredWorkerState): () => Promise<void> {
  let last = Promise.resolve()
  let next: Promise<void> | undefined
  const writeNext = async (): Promise<void> => {
    await last.catch(() => undefined) // The call that began it rejects.
    next = undefined
    last = replaceFile(path, newest())
    await last
  }
  return () => (next ??= writeNext())
}

async function replaceFile(path: string, state: StoredWorkerState): Promise<void> {
  createFolderWithParents(dirname(path))
  const temporary = `${path}.new`
  await writeFile(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  await rename(temporary, path)
}

/** Writes the state in one step, so that readers see either the old or the new state. @throws errors of the file system */
function write(path: string, state: StoredWorkerState): void {
  createFolderWithParents(dirname(path))
  const temporary = `${path}.new`
  writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  renameSync(temporary, path)
}

/**
 * Opens a worker's log. Each line gets its time, has secrets masked, and the file is rotated. Never throws, because a full disk
 * must not end a worker.
 */
export function openWorkerLog(path: string, limit = longest): (at: number, text: string) => void {
  return (at, text) => {
    try {
      createFolderWithParents(dirname(path))
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= limit) renameSync(path, `${path}.1`)
      appendFileSync(path, `${new Date(at).toISOString()} ${maskSecrets(text)}\n`, { mode: 0o600 })
    } catch {
      // The file cannot be written; the same lines are events of the worker, too.
    }
  }
}

const longest = 1024 * 1024

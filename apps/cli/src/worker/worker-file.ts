import { SubagentError, parseJson } from '@subagent-mcp/contract'
import { makeFolder, isSameProcessRunning, withLockFile } from '@subagent-mcp/driver-kit'
import { WorkerMemory, type MemoryPort } from '@subagent-mcp/worker'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The current or last process of a worker. Times are Unix milliseconds. */
const WorkerSelf = z.looseObject({
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
export type WorkerSelf = z.infer<typeof WorkerSelf>

/** The stored state of a worker. Unknown keys are kept, because a newer version may have written them. */
const WorkerState = z.looseObject({ worker: WorkerSelf, replicas: z.array(WorkerMemory) })
export type WorkerState = z.infer<typeof WorkerState>

/** The path of a worker's state file. */
export function workerPath(home: string, name: string): string {
  return join(home, 'workers', `${name}.json`)
}

/**
 * Reads the state of a worker; `undefined` if no worker of this name ever ran. @throws SubagentError that names an unreadable file
 */
export function readWorker(path: string): WorkerState | undefined {
  if (!existsSync(path)) return undefined
  const hint = 'mend it, or move it away: its worker then starts without memory'
  try {
    const read = WorkerState.safeParse(parseJson(readFileSync(path, 'utf8')))
    if (read.success) return read.data
    throw new SubagentError('config-unreadable', `${path} is no worker's state`, { hint, cause: read.error })
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    throw new SubagentError('config-unreadable', `cannot read ${path} (${String(cause)})`, { hint, cause })
  }
}

/** The paths of the state files of all workers that ever ran here, sorted by name. */
export function workerPaths(home: string): readonly string[] {
  const folder = join(home, 'workers')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => join(folder, name))
}

/** Whether the process of a worker still runs. */
export function isRunning({ worker }: WorkerState): boolean {
  return isSameProcessRunning(worker)
}

/**
 * Claims a worker name for this process, and returns the memory of each replica. Sessions with other launch options are not continued,
 * because they would keep their earlier permissions.
 * @throws SubagentError `already-running` that names the process which has it, and `config-unreadable`
 */
export function claimWorker(path: string, worker: WorkerSelf): (replica: number) => MemoryPort {
  let state = withLockFile(`${path}.lock`, () => {
    const before = readWorker(path)
    if (before && isRunning(before) && before.worker.pid !== worker.pid) throw taken(before)
    const known = before?.replicas ?? []
    const replicas = before?.worker.launch === worker.launch ? known : known.map(withoutSession)
    const claimed = { ...before, worker, replicas }
    write(path, claimed)
    return claimed
  })
  return (replica) => ({
    load: () => state.replicas[replica],
    save: (memory) => {
      const replicas = [...state.replicas]
      // Fills the places of replicas that have not started yet, because the array must have no gaps.
      for (let index = replicas.length; index < replica; index += 1) replicas.push(memory)
      replicas[replica] = memory
      state = { ...state, replicas }
      write(path, state)
    },
  })
}

function withoutSession({ session: _session, ...memory }: WorkerMemory): WorkerMemory {
  return memory
}

function taken({ worker: { name, pid, since, folder } }: WorkerState): SubagentError {
  const message = `worker '${name}' (pid ${pid}) is at work in ${folder} since ${new Date(since).toISOString()}`
  const hint = `subagent-mcp workers stop ${name}, or give this one another --name`
  return new SubagentError('already-running', message, { hint })
}

/** Writes the state in one step, so that readers see either the old or the new state. @throws errors of the file system */
function write(path: string, state: WorkerState): void {
  makeFolder(dirname(path))
  const temporary = `${path}.new`
  writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  renameSync(temporary, path)
}

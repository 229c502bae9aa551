import { SubagentError, parseJson } from '@subagent-mcp/contract'
import { makeFolder, isSameProcessRunning, withLock } from '@subagent-mcp/driver-kit'
import { WorkerMemory, type MemoryPort } from '@subagent-mcp/worker'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The process that a worker is, or was; times are Unix milliseconds. */
const WorkerSelf = z.looseObject({
  name: z.string(),
  folder: z.string(),
  provider: z.string().exactOptional(),
  model: z.string().exactOptional(),
  agent: z.string().exactOptional(),
  pid: z.number(),
  startTime: z.string(),
  since: z.number(),
  /** Stands for all that its sessions are launched with, their rights too. */
  launch: z.string(),
})
export type WorkerSelf = z.infer<typeof WorkerSelf>

/** A worker's state as it is kept: of a newer version there may be more in it. */
const WorkerState = z.looseObject({ worker: WorkerSelf, replicas: z.array(WorkerMemory) })
export type WorkerState = z.infer<typeof WorkerState>

/** Where it is. */
export function workerPath(home: string, name: string): string {
  return join(home, 'workers', `${name}.json`)
}

/** `undefined` where no such worker ever ran. @throws SubagentError that names a file which cannot be read */
export function readWorker(path: string): WorkerState | undefined {
  if (!existsSync(path)) return undefined
  const hint = 'mend it, or move it away: its worker then begins anew'
  try {
    const read = WorkerState.safeParse(parseJson(readFileSync(path, 'utf8')))
    if (read.success) return read.data
    throw new SubagentError('config-unreadable', `${path} is no worker's state`, { hint, cause: read.error })
  } catch (cause) {
    if (cause instanceof SubagentError) throw cause
    throw new SubagentError('config-unreadable', `cannot read ${path} (${String(cause)})`, { hint, cause })
  }
}

/** Of all workers that ever ran here, by name. */
export function workerPaths(home: string): readonly string[] {
  const folder = join(home, 'workers')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.sort().map((name) => join(folder, name))
}

/** Whether its process runs. */
export function isRunning({ worker }: WorkerState): boolean {
  return isSameProcessRunning(worker)
}

/**
 * Takes the name for this process, and returns where each replica has its memory. Sessions that were launched otherwise are
 * left: they would go on with what they were allowed then.
 * @throws SubagentError `already-running` that names the process which has it, and `config-unreadable`
 */
export function claimWorker(path: string, worker: WorkerSelf): (replica: number) => MemoryPort {
  let state = withLock(`${path}.lock`, () => {
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
      // Those between have not begun yet: a file has no holes.
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

/** Readers see all of it or nothing. @throws what the system says */
function write(path: string, state: WorkerState): void {
  makeFolder(dirname(path))
  const temporary = `${path}.new`
  writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  renameSync(temporary, path)
}

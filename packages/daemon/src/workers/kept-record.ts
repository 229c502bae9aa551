import { WorkerSettingsWithFolder, RestartLimit } from '@subagent-mcp/api'
import { isMissingFileError, parseJson } from '@subagent-mcp/contract'
import { makeFolder } from '@subagent-mcp/driver-kit'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** The daemon that keeps workers. */
const KeeperOfWorkers = z.strictObject({
  pid: z.number(),
  startTime: z.string(),
  place: z.string(),
  version: z.string(),
})
export type KeeperOfWorkers = z.infer<typeof KeeperOfWorkers>

/** A worker that a daemon keeps. `keys`: the names of the API keys in the environment in which it was started. */
const KeptWorker = z.strictObject({
  worker: WorkerSettingsWithFolder,
  /** `fleet`: it is in the fleet file. `detached`: a command has left it to the daemon. */
  origin: z.enum(['fleet', 'detached']),
  keys: z.array(z.string()),
  /** Set for a worker that the next daemon does not start: it was stopped, or given up after too many failures. */
  ended: z
    .strictObject({
      status: z.enum(['stopped', 'given-up']),
      at: z.number(),
      lastError: z.string().exactOptional(),
    })
    .exactOptional(),
})
export type KeptWorker = z.infer<typeof KeptWorker>

const KeptRecord = z.strictObject({
  owner: KeeperOfWorkers,
  /** The path of the fleet file that is up. */
  file: z.string().exactOptional(),
  restarts: RestartLimit,
  workers: z.array(KeptWorker),
})

/** The list of the workers that a daemon keeps, for the next daemon. It has only names of API keys, and no values of variables. */
export type KeptRecord = z.infer<typeof KeptRecord>

/**
 * Reads the list of kept workers: `undefined` if the file is missing, `unreadable` if it is invalid or of another version. Never
 * throws.
 */
export function readKeptWorkersFile(path: string): KeptRecord | 'unreadable' | undefined {
  try {
    const read = KeptRecord.safeParse(parseJson(readFileSync(path, 'utf8')))
    return read.success ? read.data : 'unreadable'
  } catch (error) {
    return isMissingFileError(error) ? undefined : 'unreadable'
  }
}

/** Writes the list of kept workers in one step; deletes the file of an empty list. @throws errors of the file system */
export function writeKeptWorkersFile(path: string, record: KeptRecord): void {
  if (record.workers.length === 0 && record.file === undefined) {
    rmSync(path, { force: true })
    return
  }
  makeFolder(dirname(path))
  writeFileSync(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

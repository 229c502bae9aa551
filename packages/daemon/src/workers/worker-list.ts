import { WorkerSettingsWithFolder, WorkerRestartLimit } from '@subagent-mcp/api'
import { isMissingFileError, parseJson } from '@subagent-mcp/contract'
import { createFolderWithParents, type Environment } from '@subagent-mcp/driver-kit'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** The daemon that keeps workers. */
const WorkerListOwner = z.strictObject({
  pid: z.number(),
  startTime: z.string(),
  place: z.string(),
  version: z.string(),
})
export type WorkerListOwner = z.infer<typeof WorkerListOwner>

/** A worker that a daemon keeps. `keys`: the names of the API keys in the environment in which it was started. */
const WorkerListEntry = z.strictObject({
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
export type WorkerListEntry = z.infer<typeof WorkerListEntry>

const WorkerList = z.strictObject({
  owner: WorkerListOwner,
  /** The path of the fleet file that is up. */
  file: z.string().exactOptional(),
  restarts: WorkerRestartLimit,
  workers: z.array(WorkerListEntry),
})

/** The list of the workers that a daemon keeps, for the next daemon. It has only names of API keys, and no values of variables. */
export type WorkerList = z.infer<typeof WorkerList>

/** The workers of a fleet file, with absolute paths and names. */
export type FleetPlan = {
  file: string
  workers: readonly WorkerSettingsWithFolder[]
  restarts: WorkerRestartLimit
  /** Default: the daemon's. */
  environment?: Environment
}

/**
 * Reads the list of kept workers: `undefined` if the file is missing, `unreadable` if it is invalid or of another version. Never
 * throws.
 */
export function readWorkerListFile(path: string): WorkerList | 'unreadable' | undefined {
  try {
    const read = WorkerList.safeParse(parseJson(readFileSync(path, 'utf8')))
    return read.success ? read.data : 'unreadable'
  } catch (error) {
    return isMissingFileError(error) ? undefined : 'unreadable'
  }
}

/** Writes the list of kept workers in one step; deletes the file of an empty list. @throws errors of the file system */
export function writeWorkerListFile(path: string, record: WorkerList): void {
  if (record.workers.length === 0 && record.file === undefined) {
    rmSync(path, { force: true })
    return
  }
  createFolderWithParents(dirname(path))
  writeFileSync(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

import { SubagentError } from '@subagent-mcp/contract'
import {
  readLockHolderPid,
  createFolderWithParents,
  releaseLockFile,
  takeLockFile,
} from '@subagent-mcp/driver-kit'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The progress of one line of a batch of `run --batch`. `agentId`: its newest agent; `outcome`: set once its result was printed. */
const LineRecord = z.strictObject({
  /** The number of earlier launches of the line that ended at a limit of its provider. */
  tries: z.int().min(0),
  agentId: z.string().exactOptional(),
  outcome: z.enum(['finished', 'errored', 'stopped', 'interrupted', 'gone']).exactOptional(),
})
export type BatchItemRecord = z.infer<typeof LineRecord>

const RecordFile = z.strictObject({
  file: z.string(),
  /** The working folder of the command that began the batch. Relative folders in lines are resolved from it. */
  cwd: z.string(),
  /** A part of the request id of each launch of the batch. The daemon recognizes a repeated launch by that id. */
  run: z.string(),
  lines: z.record(z.string(), LineRecord),
})

/** The record of a batch on disk, from which a later `run --batch` with the same file continues. */
export type BatchRecord = {
  cwd: string
  line(key: string): BatchItemRecord
  /** Replaces the record of a line. The record is on disk when the function returns. */
  note(key: string, line: BatchItemRecord): void
  /** The request id of the next launch of a line. It stays the same until the number of tries in the line's record changes. */
  requestId(key: string): string
  /** Releases the lock, so that other commands can run this batch. */
  close(): void
}

type RecordOptions = {
  /** The state folder of subagent-mcp. */
  home: string
  /** The real path of the file with the lines of the batch. */
  file: string
  cwd: string
  /** Whether the record of earlier commands is deleted, so that every line is launched again. */
  restart: boolean
}

/** Opens the record of the batch in a file. @throws SubagentError `already-running` while another command runs the batch */
export function openBatchRecord({ home, file, cwd, restart }: RecordOptions): BatchRecord {
  const name = createHash('sha256').update(file).digest('hex').slice(0, 16)
  const path = join(home, 'batches', `${name}.json`)
  createFolderWithParents(dirname(path))
  const lock = `${path}.lock`
  if (!takeLockFile(lock, Infinity))
    throw new SubagentError(
      'already-running',
      `process ${readLockHolderPid(lock) ?? '?'} runs ${file} already`,
      {
        hint: 'wait until that process has ended, or end it',
      },
    )
  const fresh: RecordFile = { file, cwd, run: randomUUID(), lines: {} }
  let record = fresh
  try {
    record = (restart ? undefined : readRecord(path)) ?? fresh
  } catch (error) {
    releaseLockFile(lock)
    throw error
  }
  const line = (key: string): BatchItemRecord => record.lines[key] ?? { tries: 0 }
  const note = (key: string, newer: BatchItemRecord): void => {
    record = { ...record, lines: { ...record.lines, [key]: newer } }
    save(path, record)
  }
  save(path, record)
  return {
    cwd: record.cwd,
    ...{ line, note },
    requestId: (key) => `${record.run}.${key}.${line(key).tries}`,
    close: () => releaseLockFile(lock),
  }
}

type RecordFile = z.infer<typeof RecordFile>

function readRecord(path: string): RecordFile | undefined {
  if (!existsSync(path)) return undefined
  try {
    return RecordFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    const hint = 'move it away and give --restart to launch all lines again'
    throw new SubagentError('config-unreadable', `${path} is not a valid record of a batch`, { hint, cause })
  }
}

/** Replaces the file of a batch record in one step, so that a crash leaves the old or the new record. */
function save(path: string, record: RecordFile): void {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, JSON.stringify(record), { mode: 0o600, flush: true })
  renameSync(temporary, path)
}

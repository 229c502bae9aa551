import { makeFolder, startTimeOf } from '@subagent-mcp/driver-kit'
import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { exitFileVariable } from './exit-file.js'
import type { WorkerEntry, WorkerProcess } from './member.js'

/** The worker to start, its script and environment, and the folder of its files. */
export type WorkerStart = {
  entry: WorkerEntry
  script: string
  environment: NodeJS.ProcessEnv
  /** The folder in which the stderr and the exit code of the fleet's workers are stored. */
  folder: string
  /** Called once when the worker has ended, always after `startWorker` has resolved. Not called if the worker did not start. */
  onEnd: (end: WorkerEnd) => void
}

/** The end of a worker's process. */
export type WorkerEnd = { process: WorkerProcess; code: number | null; signal: NodeJS.Signals | null }

/**
 * Starts a worker that outlives this process: it shares no pipes with it, and its stderr is a file. Resolves with the process, or with
 * the reason why it did not start. Never rejects.
 */
export async function startWorker(start: WorkerStart): Promise<WorkerProcess | string> {
  try {
    return await spawnWorker(start)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The paths of the files with a worker's stderr and its exit code. */
export function workerFiles(folder: string, name: string): { stderr: string; exit: string } {
  return { stderr: join(folder, `${name}.stderr`), exit: join(folder, `${name}.exit`) }
}

/** Returns the last line of a worker's stderr, without terminal control codes and hints; empty if there is none. */
export function lastLineOf(stderr: string): string {
  try {
    const lines = stripVTControlCharacters(tailOf(stderr)).split(/[\r\n]+/)
    const last = lines.findLast((line) => line.trim() !== '' && !line.startsWith('hint: ')) ?? ''
    return last.trim().slice(0, longestLine)
  } catch {
    return '' // The worker has written nothing.
  }
}

/** Empties a worker's stderr file once it is larger than 1 MB, because a worker may run for months. */
export function keepSmall(stderr: string): void {
  const size = statSync(stderr, { throwIfNoEntry: false })?.size ?? 0
  if (size > longestStderr) truncateSync(stderr)
}

const longestStderr = 1024 * 1024
const longestTail = 8_192
const longestLine = 500

function tailOf(path: string): string {
  const file = openSync(path, 'r')
  try {
    const tail = Buffer.alloc(longestTail)
    const read = readSync(file, tail, 0, longestTail, Math.max(0, fstatSync(file).size - longestTail))
    return tail.toString('utf8', 0, read)
  } finally {
    closeSync(file)
  }
}

async function spawnWorker(start: WorkerStart): Promise<WorkerProcess | string> {
  const { entry, script, environment, folder, onEnd } = start
  // Without this check the system's error would say that Node is missing.
  if (!statSync(entry.folder, { throwIfNoEntry: false })?.isDirectory()) return `${entry.folder} is no folder`
  makeFolder(folder)
  const files = workerFiles(folder, entry.name)
  for (const file of Object.values(files)) rmSync(file, { force: true })
  const stderr = openSync(files.stderr, 'a', 0o600)
  const child = spawn(process.execPath, [script, 'worker', ...entry.words], {
    cwd: entry.folder,
    env: { ...environment, ...exitFileVariable(files.exit) },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', stderr],
  })
  closeSync(stderr)
  child.unref()
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message)
    })
  })
  const { pid } = child
  if (pid === undefined) return failed
  const started = { pid, startTime: startTimeOf(pid) ?? '-' }
  child.once('exit', (code, signal) => {
    onEnd({ process: started, code, signal })
  })
  return started
}

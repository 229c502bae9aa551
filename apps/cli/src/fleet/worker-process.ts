import { makeFolder, startTime } from '@subagent-mcp/driver-kit'
import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { exitFileVariable } from './exit-file.js'
import type { WorkerEntry, WorkerProcess } from './member.js'

/** What is run, in which environment, and where its files are. */
export type WorkerStart = {
  entry: WorkerEntry
  script: string
  environment: NodeJS.ProcessEnv
  /** Of the fleet: what its workers say last is kept there. */
  folder: string
  /** Called once, never before this has resolved, and not at all where it did not start. */
  onEnd: (end: WorkerEnd) => void
}

/** How it ended. */
export type WorkerEnd = { process: WorkerProcess; code: number | null; signal: NodeJS.Signals | null }

/**
 * Starts a worker that holds nothing of ours, so that it lives on where we are killed: its stderr is a file.
 * Resolves with why it did not start. Never rejects.
 */
export async function startWorker(start: WorkerStart): Promise<WorkerProcess | string> {
  try {
    return await spawnWorker(start)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Where the worker of a name leaves its last words, and its exit code. */
export function workerFiles(folder: string, name: string): { stderr: string; exit: string } {
  return { stderr: join(folder, `${name}.stderr`), exit: join(folder, `${name}.exit`) }
}

/** The last line that it wrote to stderr, of its words and no codes of a terminal; empty for none. */
export function lastLineOf(stderr: string): string {
  try {
    const lines = stripVTControlCharacters(tailOf(stderr)).split(/[\r\n]+/)
    const last = lines.findLast((line) => line.trim() !== '' && !line.startsWith('hint: ')) ?? ''
    return last.trim().slice(0, longestLine)
  } catch {
    return '' // It has written none.
  }
}

/** A worker that lives for months says a lot. */
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
  // Without it the system would say that there is no node.
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
  const started = { pid, startTime: startTime(pid) ?? '-' }
  child.once('exit', (code, signal) => {
    onEnd({ process: started, code, signal })
  })
  return started
}

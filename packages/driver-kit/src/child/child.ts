import { randomBytes } from 'node:crypto'
import type { SessionCloseMode } from '@subagent-mcp/contract'
import { createLineSplitter } from './line-splitter.js'
import { childMarkVariable } from '../processes/find-processes.js'
import { watchProcessExit, createFailedProcessStart, type ProcessEnd } from './process-life.js'
import { spawnProcess } from './spawn-process.js'
import type { Watchdog } from './watchdog.js'

/** The command of a child process, and the callbacks for its output and exit. None of the callbacks may throw. */
export type ChildProcessOptions = {
  command: string
  args: readonly string[]
  cwd: string
  environment: Readonly<Record<string, string>>
  watchdog: Watchdog
  /** Called for each line of stdout, without LF or CRLF, including empty lines and a last line without an end. */
  onLine: (line: string) => void
  /** Called when a line exceeds `maxLineBytes`; the line is dropped. */
  onOversizedLine: () => void
  /** Called once, after `startChildProcess` has returned, when all lines were reported and no process is left. */
  onExit: (exit: ChildProcessExit) => void
  maxLineBytes?: number
  /** Time that the child has to exit after the end of its input, and again after SIGTERM. */
  graceMs?: number
}

/** The exit of a child. With a `spawnError` it never started; `ENOENT` is a missing executable or `cwd`. */
export type ChildProcessExit = ProcessEnd & { stderrTail: string }

/** A running process that reads and writes lines. */
export type ChildProcessHandle = {
  /** The child's pid. Missing when the child could not be started. */
  pid: number | undefined
  /** Marks the child and its descendants, for `killTaggedProcesses`. */
  mark: string
  /** Writes a line to the child's stdin. Never throws; drops the line when the child has exited. */
  write(line: string): void
  /** The last complete lines of stderr, at most 8 kB. */
  stderrTail(): string
  /** Resolves after `onExit`. Idempotent; a later `kill` skips the rest of an earlier `graceful`. Never rejects. */
  stop(mode: SessionCloseMode): Promise<void>
}

const defaultMaxLineBytes = 64 * 1024 * 1024
const defaultGraceMs = 700
const stderrTailBytes = 8 * 1024

/** Starts a child process under a watchdog. Throws only for a NUL byte in its command or arguments. */
export function startChildProcess(options: ChildProcessOptions): ChildProcessHandle {
  const { watchdog, graceMs = defaultGraceMs, maxLineBytes = defaultMaxLineBytes } = options
  const mark = `${watchdog.nonce}.${randomBytes(8).toString('hex')}`
  watchdog.arm()
  const subprocess = spawnProcess({
    ...options,
    environment: { ...options.environment, [childMarkVariable]: mark },
  })
  const { pid, stdin, stdout, stderr } = subprocess
  if (pid !== undefined) watchdog.watch(pid)
  const life =
    pid === undefined
      ? createFailedProcessStart(subprocess)
      : watchProcessExit({ subprocess, pid, mark, graceMs })

  const lines = createLineSplitter({ ...options, maxLineBytes })
  const tail = createTextTail(stderrTailBytes)
  stdout.on('data', lines.push)
  stderr.on('data', tail.push)
  // A pipe breaks when the process dies, which `onExit` reports.
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined)

  const reported = life.ended.then((end) => {
    if (pid !== undefined) watchdog.unwatch(pid)
    lines.end()
    options.onExit({ ...end, stderrTail: tail.text() })
  })

  return {
    pid,
    mark,
    write: (line) => {
      if (stdin.writable) stdin.write(`${line}\n`)
    },
    stderrTail: tail.text,
    stop: (mode) => {
      life.stop(mode)
      return reported
    },
  }
}

type TextTail = {
  push(chunk: Buffer): void
  text(): string
}

/** Keeps the last `maxBytes` of a stream. A text that was cut begins at the next complete line. */
export function createTextTail(maxBytes: number): TextTail {
  let kept: Buffer = Buffer.alloc(0)
  let cut = false
  return {
    push: (chunk) => {
      const all = Buffer.concat([kept, chunk])
      cut ||= all.length > maxBytes
      kept = all.length > maxBytes ? Buffer.from(all.subarray(-maxBytes)) : all
    },
    text: () => {
      const firstWholeLine = cut ? kept.indexOf('\n') + 1 : 0
      return kept.toString('utf8', firstWholeLine)
    },
  }
}

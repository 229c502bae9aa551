import { randomBytes } from 'node:crypto'
import type { CloseMode } from '@subagent-mcp/contract'
import { createLineSplitter } from './line-splitter.js'
import { markVariable } from '../processes/child-mark.js'
import { followProcess, neverStarted, type ProcessEnd } from './process-life.js'
import { spawnProcess } from './spawn-process.js'
import { createTextTail } from './text-tail.js'
import type { Watchdog } from './watchdog.js'

/** What to run, and where its lines and its end are told. None of the callbacks may throw. */
export type ChildOptions = {
  command: string
  args: readonly string[]
  cwd: string
  /** The whole of it: nothing is inherited. */
  environment: Readonly<Record<string, string>>
  watchdog: Watchdog
  /** A line of stdout, without its LF or CRLF; empty ones and an unended last one too. */
  onLine: (line: string) => void
  /** A line was longer than `maxLineBytes` and is lost. */
  onOversizedLine: () => void
  /** Called once, never before `startChild` has returned: all lines were handed on, no process is left. */
  onExit: (exit: ChildExit) => void
  maxLineBytes?: number
  /** How long the end of its input, and then TERM, may take to end it. */
  graceMs?: number
}

/** How a child ended. A `spawnError` says that it never started: `ENOENT`, its executable or `cwd` is missing. */
export type ChildExit = ProcessEnd & { stderrTail: string }

/** A running process that reads and writes lines. */
export type Child = {
  /** Missing when it could not be started. */
  pid: number | undefined
  /** What tells it and its descendants from all others, as `endTagged` takes it. */
  mark: string
  /** Writes a line. Never throws: what is written to a dead process is lost, and `onExit` tells. */
  write(line: string): void
  /** The last whole lines of stderr, 8 kB at most. */
  stderrTail(): string
  /** Resolves after `onExit`. Idempotent; a later `kill` hurries an earlier `graceful`. Never rejects. */
  stop(mode: CloseMode): Promise<void>
}

const defaultMaxLineBytes = 64 * 1024 * 1024
const defaultGraceMs = 700
const stderrTailBytes = 8 * 1024

/** Starts a CLI as a child that the watchdog knows. Throws only for a NUL byte in its command or arguments. */
export function startChild(options: ChildOptions): Child {
  const { watchdog, graceMs = defaultGraceMs, maxLineBytes = defaultMaxLineBytes } = options
  const mark = `${watchdog.nonce}.${randomBytes(8).toString('hex')}`
  watchdog.arm()
  const subprocess = spawnProcess({
    ...options,
    environment: { ...options.environment, [markVariable]: mark },
  })
  const { pid, stdin, stdout, stderr } = subprocess
  if (pid !== undefined) watchdog.watch(pid)
  const life =
    pid === undefined ? neverStarted(subprocess) : followProcess({ subprocess, pid, mark, graceMs })

  const lines = createLineSplitter({ ...options, maxLineBytes })
  const tail = createTextTail(stderrTailBytes)
  stdout.on('data', lines.push)
  stderr.on('data', tail.push)
  // A pipe breaks because the process died, and that is reported anyway.
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined)

  const told = life.ended.then((end) => {
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
      return told
    },
  }
}

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Writable } from 'node:stream'
import { psEnvironment } from '../processes/process-table.js'
import { settlesWithin } from '../settles-within.js'
import { readProcessStartTime } from '../processes/start-time.js'
import { posixWatchdogScript, windowsWatchdogScript } from './watchdog-scripts.js'

/** A process that kills the children of this process when this process is killed itself. One per supervisor. */
export type Watchdog = {
  /** A random text in the environment of every child. */
  nonce: string
  /** Starts the watchdog process unless it runs. Called before a child starts, so that the nonce always finds the child. */
  arm(): void
  /** Makes the watchdog watch a child that was just started and leads its group. */
  watch(pid: number): void
  unwatch(pid: number): void
  /** Stops the watchdog, which kills the children that are still watched. Resolves when its process has exited. */
  close(): Promise<void>
}

type WatchdogProcess = ChildProcessByStdio<Writable, null, null>

/** The time that the watchdog gets to exit, more than its script takes for all its rounds. */
const closeLimitMs = 10_000

/** Creates a watchdog. Its process starts with `arm` or `watch`, and is replaced when it was killed. */
export function createWatchdog(): Watchdog {
  const nonce = randomBytes(16).toString('hex')
  const watched = new Map<number, string>()
  let running: WatchdogProcess | undefined

  const start = () => {
    const started = spawnWatchdog(nonce)
    started.once('exit', (_code, signal) => {
      if (running === started) running = signal === 'SIGKILL' && watched.size > 0 ? start() : undefined
    })
    // Without a shell the watchdog cannot start; each `watch` tries again.
    started.once('error', () => {
      if (running === started) running = undefined
    })
    for (const [pid, time] of watched) started.stdin.write(`watch ${pid} ${time}\n`)
    return started
  }

  return {
    nonce,
    arm: () => {
      running ??= start()
    },
    watch: (pid) => {
      const time = readProcessStartTime(pid)
      if (time === undefined) return
      watched.set(pid, time)
      if (running === undefined) running = start()
      else running.stdin.write(`watch ${pid} ${time}\n`)
    },
    unwatch: (pid) => {
      if (watched.delete(pid)) running?.stdin.write(`unwatch ${pid}\n`)
    },
    close: async () => {
      const stopping = running
      running = undefined
      if (stopping === undefined) return
      await stopWatchdog(stopping, watched.size === 0 ? 'close\n' : '')
      watched.clear()
    },
  }
}

/** Starts the watchdog in a session of its own, so that Ctrl-C in a terminal does not reach it. */
function spawnWatchdog(nonce: string): WatchdogProcess {
  const [command, args] =
    process.platform === 'win32'
      ? [process.execPath, ['-e', windowsWatchdogScript]]
      : ['/bin/sh', ['-c', posixWatchdogScript, 'subagent-mcp-watchdog', nonce]]
  // The watchdog gets no keys, and not the mark of an outer supervisor, whose watchdog would kill it.
  const environment = { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], ...psEnvironment }
  const watchdog = spawn(command, args, {
    cwd: '/',
    env: environment,
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Writing fails when the watchdog was killed; the `exit` handler starts another one with all children.
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()
  return watchdog
}

async function stopWatchdog(watchdog: WatchdogProcess, lastLine: string): Promise<void> {
  const gone = new Promise((resolve) => watchdog.once('exit', resolve).once('error', resolve))
  watchdog.ref()
  watchdog.stdin.end(lastLine)
  if (await settlesWithin(gone, closeLimitMs)) return
  watchdog.kill('SIGKILL')
  await gone
}

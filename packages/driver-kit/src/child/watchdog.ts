import type { Driver } from '@subagent-mcp/contract'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Writable } from 'node:stream'
import { psEnvironment } from '../processes/process-table.js'
import { settlesWithin } from '../settles-within.js'
import { startTime } from '../processes/start-time.js'
import { posixWatchdogScript } from './watchdog-script-posix.js'
import { windowsWatchdogScript } from './watchdog-script-windows.js'

/** Ends our children when we are killed and can end nothing any more. One per supervisor. */
export type Watchdog = {
  /** Random; every child carries it in its environment. */
  nonce: string
  /** Starts the process, unless it runs. Before a child is started: then our nonce finds it from its first moment. */
  arm(): void
  /** Takes charge of a child just started by us, leader of its group. */
  watch(pid: number): void
  unwatch(pid: number): void
  /** Sends the watchdog home; ends what is still watched. Resolves when its process is gone. */
  close(): Promise<void>
}

type WatchdogProcess = ChildProcessByStdio<Writable, null, null>

/** Longer than the script takes for all its rounds. */
const closeLimitMs = 10_000

/** A watchdog that has no process until it is armed or something is watched, and gets a new one when that was killed. */
export function createWatchdog(): Watchdog {
  const nonce = randomBytes(16).toString('hex')
  const watched = new Map<number, string>()
  let running: WatchdogProcess | undefined

  const start = () => {
    const started = spawnWatchdog(nonce)
    started.once('exit', (_code, signal) => {
      if (running === started) running = signal === 'SIGKILL' && watched.size > 0 ? start() : undefined
    })
    // Without a shell there is no watchdog; each `watch` tries again.
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
      const time = startTime(pid)
      if (time === undefined) return
      watched.set(pid, time)
      if (running === undefined) running = start()
      else running.stdin.write(`watch ${pid} ${time}\n`)
    },
    unwatch: (pid) => {
      if (watched.delete(pid)) running?.stdin.write(`unwatch ${pid}\n`)
    },
    close: async () => {
      const leaving = running
      running = undefined
      if (leaving === undefined) return
      await sendHome(leaving, watched.size === 0 ? 'close\n' : '')
      watched.clear()
    },
  }
}

/** Returns the watchdog that a driver was given; without one, a new watchdog and the `close` that ends it. */
export function watchdogFor(given: Watchdog | undefined): Pick<Driver, 'close'> & { watchdog: Watchdog } {
  if (given) return { watchdog: given }
  const watchdog = createWatchdog()
  return { watchdog, close: watchdog.close }
}

/** In a session of its own, so that what ends us in a terminal does not end it first. */
function spawnWatchdog(nonce: string): WatchdogProcess {
  const [command, args] =
    process.platform === 'win32'
      ? [process.execPath, ['-e', windowsWatchdogScript]]
      : ['/bin/sh', ['-c', posixWatchdogScript, 'subagent-mcp-watchdog', nonce]]
  // No more than it needs: nobody's keys, and not the mark of a supervisor above us, whose sweep would find it.
  const environment = { PATH: process.env['PATH'], SystemRoot: process.env['SystemRoot'], ...psEnvironment }
  const watchdog = spawn(command, args, {
    cwd: '/',
    env: environment,
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // It was killed: its exit is noticed, and another is told everything.
  watchdog.stdin.on('error', () => undefined)
  watchdog.unref()
  return watchdog
}

async function sendHome(watchdog: WatchdogProcess, lastLine: string): Promise<void> {
  const gone = new Promise((resolve) => watchdog.once('exit', resolve).once('error', resolve))
  watchdog.ref()
  watchdog.stdin.end(lastLine)
  if (await settlesWithin(gone, closeLimitMs)) return
  watchdog.kill('SIGKILL')
  await gone
}

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, expect, vi } from 'vitest'
import {
  type ChildProcessHandle,
  type ChildProcessExit,
  type ChildProcessOptions,
  startChildProcess,
} from './child/child.js'
import { findMarkedChildProcesses } from './processes/find-processes.js'
import { signalProcessGroup } from './processes/process-group.js'
import { createWatchdog } from './child/watchdog.js'

/** A child process of a test, with its output and exit. */
export type TestChild = {
  child: ChildProcessHandle
  lines: string[]
  oversized: () => number
  exits: ChildProcessExit[]
  exited: Promise<ChildProcessExit>
}

const pathOnly = { PATH: process.env['PATH'] ?? '' }

/** Starts children for one test file; after each test they are ended, and nothing of them may be left. */
export function childStarter() {
  const watchdog = createWatchdog()
  const started: ChildProcessHandle[] = []
  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.stop('kill')))
    await watchdog.close()
    expect(findMarkedChildProcesses([watchdog.nonce])).toEqual([])
  })

  return (
    command: string,
    args: readonly string[],
    overrides: Partial<ChildProcessOptions> = {},
  ): TestChild => {
    const lines: string[] = []
    const exits: ChildProcessExit[] = []
    let oversized = 0
    const exited = new Promise<ChildProcessExit>((resolve) => {
      const child = startChildProcess({
        command,
        args,
        cwd: '/',
        environment: pathOnly,
        watchdog,
        onLine: (line) => lines.push(line),
        onOversizedLine: () => (oversized += 1),
        onExit: (exit) => {
          exits.push(exit)
          resolve(exit)
        },
        ...overrides,
      })
      started.push(child)
    })
    const child = started.at(-1)
    if (child === undefined) throw new Error('startChild did not return')
    return { child, lines, oversized: () => oversized, exits, exited }
  }
}

/** Polls a condition until it holds, because the system reports no events for it. */
export function until(condition: () => boolean): Promise<unknown> {
  return vi.waitUntil(condition, { timeout: 5_000, interval: 5 })
}

/** A Node script that prints `up`, ignores SIGTERM and SIGHUP, and stays until it is killed. */
export const stubbornScript = `
  process.on('SIGTERM', () => {})
  process.on('SIGHUP', () => {})
  setInterval(() => {}, 1e6)
  console.log('up')
`

/**
 * Returns a Node script that starts another one, which shares its output, and prints its pid. Only one thing leads to the other:
 * the group, with a clean environment, or when it is `detached` the mark.
 */
export function scriptWithChild(script: string, { detached }: { detached: boolean }): string {
  const options = detached ? { stdio: 'inherit', detached } : { stdio: 'inherit', env: {} }
  const spawned = `[process.execPath, ['-e', ${JSON.stringify(script)}], ${JSON.stringify(options)}]`
  return `console.log(require('node:child_process').spawn(...${spawned}).pid)\n`
}

/** Starts processes by hand, each the leader of a group as a child is; after each test the groups are ended. */
export function groupStarter() {
  const started: number[] = []
  afterEach(() => {
    for (const pid of started.splice(0)) signalProcessGroup(pid, 'SIGKILL')
  })
  const telling = ([command = '', ...args]: readonly string[], env: Record<string, string> = {}) => {
    const child = spawn(command, args, {
      detached: true,
      env: { ...pathOnly, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const pid = child.pid ?? 0
    started.push(pid)
    return { pid, lines: linesOf(child.stdout) }
  }
  return Object.assign(
    (command: readonly string[], env?: Record<string, string>) => telling(command, env).pid,
    {
      telling,
    },
  )
}

/** Collects the lines of a stream. */
function linesOf(stream: Readable): string[] {
  const lines: string[] = []
  createInterface({ input: stream }).on('line', (line) => lines.push(line))
  return lines
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { daemonClient } from './daemon-mail.js'
import { serverScript } from './mcp-host.js'

/** A running `subagent-mcp worker`. */
export type Worker = {
  pid: number
  /** Resolves when the mailbox knows that it is there. */
  there(): Promise<void>
  /** Resolves with its exit code when it has ended: `null` for one that was killed. */
  ended: Promise<number | null>
  /** By SIGKILL unless told otherwise. Resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
  stderr(): string
}

type Place = { home: string; folder: string; environment: Record<string, string> }

/** Starts one in a folder, with exactly this environment. */
export function startWorker({ home, folder, environment }: Place, words: readonly string[]): Worker {
  const child = spawn(process.execPath, [serverScript, 'worker', ...words], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  const ended = once(child, 'close').then(() => child.exitCode)
  const pid = child.pid ?? 0
  return {
    pid,
    ended,
    stderr: () => stderr,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal)
      await ended
    },
    there: async () => {
      while (!(await isThere(home, pid))) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the worker ended: ${stderr}`)
        await delay(20)
      }
    },
  }
}

async function isThere(home: string, worker: number): Promise<boolean> {
  const agents = await daemonClient(home)
    ?.mail.agents()
    .catch(() => [])
  return agents?.some(({ handlers }) => handlers.some(({ pid }) => pid === worker)) ?? false
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { daemonClient, daemonSockets } from './home-daemons.js'
import { serverScript } from './mcp-host.js'

/** A running `subagent-mcp worker` process. */
export type WorkerProcess = {
  pid: number
  /** Resolves when the daemon of the home folder handles the messages to a worker. */
  ready(): Promise<void>
  /** Resolves with the exit code when the process has exited, or `null` when a signal killed it. */
  ended: Promise<number | null>
  /** Sends a signal, SIGKILL by default. Resolves when the process has exited. */
  kill(signal?: NodeJS.Signals): Promise<void>
  stderr(): string
}

/** The home folder of a worker's user, the worker's working folder, and its whole environment. */
export type WorkerPlace = {
  home: string
  folder: string
  environment: Record<string, string>
  /** Called with each line that the worker prints to stdout. */
  onLine?: (line: string) => void
}

/** Starts `subagent-mcp worker` with these command-line arguments. */
export function startWorker(
  { home, folder, environment, onLine }: WorkerPlace,
  args: readonly string[],
): WorkerProcess {
  const child = spawn(process.execPath, [serverScript, 'worker', ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  createInterface({ input: child.stdout }).on('line', (line) => onLine?.(line))
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
    ready: async () => {
      while (!(await isReady(home))) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the worker exited before it was ready: ${stderr}`)
        await delay(20)
      }
    },
  }
}

async function isReady(home: string): Promise<boolean> {
  if (daemonSockets(home).length === 0) return false
  const workers = await daemonClient(home)
    .workers()
    .catch(() => [])
  return workers.some(({ status }) => status === 'running')
}

/** A worker that is started again whenever the test kills it, as a process supervisor would do. */
export type RestartedWorker = {
  /** Sends SIGKILL. Resolves when the next process is ready. */
  killAndRestart(): Promise<void>
  /** Sends SIGTERM and starts no other process. Resolves with the exit code. */
  stop(): Promise<number | null>
  /** Rejects when a process exits although the test did not kill it. */
  died: Promise<never>
}

/** Starts a worker with `start`, and again after each kill. `start` resolves when the process is ready. */
export async function startRestartedWorker(start: () => Promise<WorkerProcess>): Promise<RestartedWorker> {
  let worker: WorkerProcess | undefined
  let fail: (error: Error) => void
  const died = new Promise<never>((_, reject) => (fail = reject))
  died.catch(() => undefined) // a test that does not await it yet must not fail by it
  const begin = async (): Promise<void> => {
    const started = await start()
    worker = started
    void started.ended.then((code) => {
      if (worker === started)
        fail(new Error(`the worker exited by itself with code ${code}: ${started.stderr()}`))
    })
  }
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const ended = worker
    worker = undefined
    await ended?.kill(signal)
    return (await ended?.ended) ?? null
  }
  await begin()
  return {
    died,
    killAndRestart: async () => {
      await end('SIGKILL')
      await begin()
    },
    stop: () => end('SIGTERM'),
  }
}

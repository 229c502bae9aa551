import { setTimeout as delay } from 'node:timers/promises'
import { isRunning, type WorkerState } from './worker-file.js'

/** What became of it. */
export type StoppedWorker = 'stopped' | 'not-running' | 'still-running' | 'not-ours'

/** Tells a worker's process to end, and waits for it: the turn that runs has some seconds. */
export async function stopWorker(state: WorkerState, patienceMs = longestEnd): Promise<StoppedWorker> {
  if (!isRunning(state)) return 'not-running'
  try {
    process.kill(state.worker.pid, 'SIGTERM')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ESRCH') return 'not-running'
    if (code === 'EPERM') return 'not-ours'
    throw error
  }
  const deadline = Date.now() + patienceMs
  while (isRunning(state)) {
    if (Date.now() > deadline) return 'still-running'
    await delay(lookMs)
  }
  return 'stopped'
}

/** Longer than a worker takes itself. */
const longestEnd = 25_000
const lookMs = 50

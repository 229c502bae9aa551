import { setTimeout as delay } from 'node:timers/promises'
import { isRunning, type WorkerState } from './worker-file.js'

/** The outcome of a stop. */
export type StoppedWorker = 'stopped' | 'not-running' | 'still-running' | 'not-ours'

/** Sends SIGTERM to a worker's process, and waits until it has ended. A running turn has some seconds to end. */
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

/** The longest wait in milliseconds. It is longer than a worker needs to end. */
const longestEnd = 25_000
const lookMs = 50

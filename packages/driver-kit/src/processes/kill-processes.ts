import { setTimeout as delay } from 'node:timers/promises'
import { createChildMarkTest, findProcessesByEnvironment, type EnvironmentTest } from './find-processes.js'
import { trySignalProcess } from './process-group.js'
import { readEnvironmentText, isProcessRunning } from './process-table.js'

const limitMs = 2_000
const roundMs = 10

/**
 * Sends SIGKILL to all processes whose environment passes a test, except this process and `spared`, and returns how many.
 * The first round runs before the function returns its promise. Repeats until none is left, because a process may fork
 * meanwhile; at most for two seconds. `killMore` is called in each round and returns whether it found something to kill.
 * With `among` only those pids are considered.
 */
export async function killProcessesByEnvironment(
  holds: EnvironmentTest,
  { spared, killMore = () => false, among }: KillOptions = {},
): Promise<number> {
  const deadline = Date.now() + limitMs
  const killed = new Set<number>()
  let dying: number[] = []
  const stillHolds = (pid: number) => holds(readEnvironmentText(pid))
  for (;;) {
    const more = killMore()
    const found = (among?.filter(stillHolds) ?? findProcessesByEnvironment(holds)).filter(
      (pid) => pid !== process.pid && pid !== spared,
    )
    for (const pid of found) {
      // The process is tested right before the signal, because the pid may belong to a new one.
      if (stillHolds(pid) && trySignalProcess(pid, 'SIGKILL')) killed.add(pid)
    }
    // A dying process loses its environment a moment before it disappears.
    dying = [...new Set([...dying, ...found])].filter(isProcessRunning)
    const settled = !more && found.length === 0 && dying.length === 0
    if (settled || Date.now() > deadline) return killed.size
    await delay(roundMs)
  }
}

type KillOptions = {
  spared?: number | undefined
  killMore?: () => boolean
  among?: readonly number[]
}

/**
 * Kills the processes that dead supervisors left running, found by the nonces of their watchdogs, and returns how many.
 * Bounded in time. Finds nothing on Windows.
 */
export async function killOrphanedProcesses(nonces: readonly string[]): Promise<number> {
  if (nonces.length === 0) return 0
  return killProcessesByEnvironment(createChildMarkTest(nonces.map((nonce) => `${nonce}.`)))
}

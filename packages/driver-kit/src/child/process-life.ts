import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SessionCloseMode } from '@subagent-mcp/contract'
import { settlesWithin } from '../settles-within.js'
import type { SpawnedProcess } from './spawn-process.js'
import { killProcessesByEnvironment } from '../processes/kill-processes.js'
import { createChildMarkTest } from '../processes/find-processes.js'
import { isProcessGroupRunning, signalProcessGroup } from '../processes/process-group.js'

/** The exit code or signal of a process; both are null when SIGKILL did not end it in time. */
export type ProcessEnd = { code: number | null; signal: string | null; spawnError?: NodeJS.ErrnoException }

/** A started child process. `ended` resolves when no process of its group is left and its output was read. */
export type WatchedProcess = {
  ended: Promise<ProcessEnd>
  stop(mode: SessionCloseMode): void
}

/** Time that an unmarked process may keep the output of the child open. */
const drainLimitMs = 1_000

/** Watches a process until it exits, and kills the descendants that it leaves behind. */
export function watchProcessExit(options: {
  subprocess: SpawnedProcess
  pid: number
  mark: string
  graceMs: number
}): WatchedProcess {
  const { subprocess, pid, mark, graceMs } = options
  const hurry = new AbortController()
  const closed = new Promise((resolve) => subprocess.once('close', resolve))
  let state: 'running' | 'stopping' | 'exited' = 'running'
  let leaderEnded: (end: ProcessEnd) => void
  const exited = new Promise<ProcessEnd>((resolve) => (leaderEnded = resolve))

  subprocess.once('exit', (code, signal) => {
    state = 'exited'
    leaderEnded({ code, signal })
  })

  return {
    // The group is killed in the turn of the event loop in which its leader was reaped, so its id cannot name another group yet.
    ended: exited.then(async (end) => {
      await endStragglers({ groupId: pid, mark })
      await drain(subprocess, closed)
      return end
    }),
    stop: (mode) => {
      if (mode === 'kill') hurry.abort()
      if (state !== 'running') return
      state = 'stopping'
      const ladder = stopLadder({
        groupId: pid,
        endInput: () => subprocess.stdin.end(),
        exited,
        hurry: hurry.signal,
        graceMs,
      })
      void ladder.then(() => leaderEnded({ code: null, signal: null }))
    },
  }
}

/** The end of a child process that could not be started. */
export function createFailedProcessStart(subprocess: SpawnedProcess): WatchedProcess {
  return {
    ended: subprocess.then(({ cause, message }) => ({
      code: null,
      signal: null,
      spawnError: cause instanceof Error ? cause : new Error(message),
    })),
    stop: () => undefined,
  }
}

async function drain(subprocess: SpawnedProcess, closed: Promise<unknown>): Promise<void> {
  if (await settlesWithin(closed, drainLimitMs)) return
  // After a busy event loop the timer fires before waiting output is read.
  await nextTurn()
  for (const stream of [subprocess.stdin, subprocess.stdout, subprocess.stderr]) stream.destroy()
}

/**
 * Kills the rest of a child's group, and the descendants that left the group, after the leader has exited. The first round
 * runs before it returns; bounded in time.
 */
async function endStragglers({ groupId, mark }: { groupId: number; mark: string }): Promise<void> {
  let groupIsOurs = true
  const killGroup = () => {
    groupIsOurs &&= isProcessGroupRunning(groupId)
    if (groupIsOurs) signalProcessGroup(groupId, 'SIGKILL')
    return groupIsOurs
  }
  await killProcessesByEnvironment(createChildMarkTest([mark]), { killMore: killGroup })
}

/** Time that the kernel has for a SIGKILL; after that the process is stuck in the kernel. */
const killLimitMs = 2_000

/**
 * Stops a child: ends its input, then sends SIGTERM and SIGKILL to its group, each with a time limit. Aborting `hurry` skips
 * to SIGKILL. Resolves when the leader has exited, or when SIGKILL has not ended it in time.
 */
async function stopLadder(options: {
  groupId: number
  endInput: () => void
  exited: Promise<unknown>
  hurry: AbortSignal
  graceMs: number
}): Promise<void> {
  const { groupId, endInput, exited, hurry, graceMs } = options
  for (const step of [endInput, () => signalProcessGroup(groupId, 'SIGTERM')]) {
    if (hurry.aborted) break
    step()
    if (await settlesWithin(exited, graceMs, hurry)) return
  }
  signalProcessGroup(groupId, 'SIGKILL')
  await settlesWithin(exited, killLimitMs)
}

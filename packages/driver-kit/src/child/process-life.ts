import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CloseMode } from '@subagent-mcp/contract'
import { settlesWithin } from '../settles-within.js'
import type { SpawnedProcess } from './spawn-process.js'
import { stopLadder } from './stop-ladder.js'
import { killWhere } from '../processes/kill-processes.js'
import { marked } from '../processes/child-mark.js'
import { groupRuns, signalGroup } from '../processes/process-group.js'

/** How a process ended; both are null when even KILL did not end it in time. */
export type ProcessEnd = { code: number | null; signal: string | null; spawnError?: NodeJS.ErrnoException }

/** The rest of a process's life: `ended` comes when nothing of it is left and its output was read. */
export type ProcessLife = {
  ended: Promise<ProcessEnd>
  stop(mode: CloseMode): void
}

/** How long a process that is not ours to end may keep the child's output open. */
const drainLimitMs = 1_000

/** Follows a started process to its end, however that comes, and ends what it leaves behind. */
export function followProcess(options: {
  subprocess: SpawnedProcess
  pid: number
  mark: string
  graceMs: number
}): ProcessLife {
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
    // Still in the turn in which the leader was reaped, so its id cannot name another group yet.
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

/** The life of a process that was never started. */
export function neverStarted(subprocess: SpawnedProcess): ProcessLife {
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
  // A timer that is late, as after a busy spell of ours, fires before what waits in the pipe is read: read it first.
  await nextTurn()
  for (const stream of [subprocess.stdin, subprocess.stdout, subprocess.stderr]) stream.destroy()
}

/**
 * Ends what a child leaves behind when its leader is gone: the rest of its group, and the descendants that left it.
 * Begins before it returns; bounded in time.
 */
async function endStragglers({ groupId, mark }: { groupId: number; mark: string }): Promise<void> {
  let groupIsOurs = true
  const killGroup = () => {
    groupIsOurs &&= groupRuns(groupId)
    if (groupIsOurs) signalGroup(groupId, 'SIGKILL')
    return groupIsOurs
  }
  await killWhere(marked([mark]), { killMore: killGroup })
}

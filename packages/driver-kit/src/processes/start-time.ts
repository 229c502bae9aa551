import {
  hasProcFolder,
  isRunningState,
  readProcStat,
  runPs,
  readProcessState,
  processTableHasOwnPids,
} from './process-table.js'

/**
 * The start time of a process as one word, which together with the pid identifies a process although pids are reused.
 * Undefined when the process is gone or hidden. The script of the watchdog computes the same word.
 */
export function readProcessStartTime(pid: number): string | undefined {
  // Windows does not reuse a pid while a handle is open, and the parent holds one.
  if (process.platform === 'win32') return '-'
  if (hasProcFolder) return readProcStat(pid)?.startTime
  const words = runPs(['-o', 'lstart=', '-p', String(pid)]).trim()
  return words === '' ? undefined : words.split(/\s+/).join('_')
}

/**
 * Whether the process with a pid and start time still runs; a zombie does not. Where no start time can be read (Windows, a
 * missing /proc or one of another pid namespace, no free file descriptor), the pid alone decides, so that a live process is
 * never taken for a dead one. The pid must be of this pid scope.
 */
export function isSameProcessRunning({
  pid,
  startTime: started,
}: {
  pid: number
  startTime: string
}): boolean {
  if (pid === process.pid && started === ownStartTime()) return true
  if (!pidExists(pid)) return false
  if (started === '-' || !processTableHasOwnPids()) return true
  const [found, state] = [readProcessStartTime(pid), readProcessState(pid)]
  // The process exited meanwhile, or could not be read.
  if (found === undefined || state === undefined) return pidExists(pid)
  return found === started && isRunningState(state)
}

let own: string | undefined

/** Reads the start time of this process only once, because a mailbox asks for each message whether the handlers here run. */
function ownStartTime(): string | undefined {
  return (own ??= readProcessStartTime(process.pid))
}

/** Whether a pid exists. Needs no file descriptor. Only ESRCH means that it does not: EPERM is a process of another user. */
export function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

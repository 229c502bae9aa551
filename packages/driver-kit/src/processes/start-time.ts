import { hasProc, isLive, procStat, ps, stateOf, tableIsOurs } from './process-table.js'

/**
 * When a process started, as one word: with the pid it names a process for good, though pids are used again.
 * `undefined` when there is no such process, or it cannot be looked up. The watchdog script writes it the same way.
 */
export function startTime(pid: number): string | undefined {
  // Windows keeps a pid until its last handle is closed, and we hold one: the pid alone is enough there.
  if (process.platform === 'win32') return '-'
  if (hasProc) return procStat(pid)?.startTime
  const words = ps(['-o', 'lstart=', '-p', String(pid)]).trim()
  return words === '' ? undefined : words.split(/\s+/).join('_')
}

/**
 * Whether the process that had this pid and start time still runs; a zombie does not. Where no start time can be looked
 * up (Windows, a /proc that is not of our pid namespace or is absent, no free file descriptor), it goes by the pid
 * alone, which may be another's by now: a live process is never taken for a dead one. For pids of our own place only.
 */
export function processIs({ pid, startTime: started }: { pid: number; startTime: string }): boolean {
  if (!isThere(pid)) return false
  if (started === '-' || !tableIsOurs()) return true
  const [found, state] = [startTime(pid), stateOf(pid)]
  // It went meanwhile, or it could not be looked up.
  if (found === undefined || state === undefined) return isThere(pid)
  return found === started && isLive(state)
}

/** Asks the kernel itself, which takes no file. Only ESRCH means that it is gone; what we may not signal is there. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

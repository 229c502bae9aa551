import { signalIfThere } from './process-group.js'
import { hasProc, processRuns, procStat, ps } from './process-table.js'

/**
 * When a process started, as one word: with the pid it names a process for good, though pids are used again.
 * `undefined` when there is no such process. The watchdog script writes it the same way.
 */
export function startTime(pid: number): string | undefined {
  // Windows keeps a pid until its last handle is closed, and we hold one: the pid alone is enough there.
  if (process.platform === 'win32') return '-'
  if (hasProc) return procStat(pid)?.startTime
  const words = ps(['-o', 'lstart=', '-p', String(pid)]).trim()
  return words === '' ? undefined : words.split(/\s+/).join('_')
}

/**
 * Whether the process that had this pid and start time still runs; a zombie does not. On Windows it goes by the pid
 * alone, which may be another's by now.
 */
export function processIs({ pid, startTime: started }: { pid: number; startTime: string }): boolean {
  if (process.platform === 'win32') return signalIfThere(pid, 0)
  return startTime(pid) === started && processRuns(pid)
}

import { hasProc, procStat, ps } from './process-table.js'

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

import { readdirSync, readFileSync } from 'node:fs'

/** A process with its processor time, and that of its exited children, in milliseconds. */
export type ProcessTimes = { pid: number; parent: number; cpuMs: number; endedChildrenMs: number }

/** All descendants of a process. Those in `except` and their descendants are left out. Linux only. */
export function processesBelow(root: number, except: readonly number[] = []): ProcessTimes[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []))
  const below = (parent: number): ProcessTimes[] =>
    all
      .filter((process) => process.parent === parent && !except.includes(process.pid))
      .flatMap((process) => [process, ...below(process.pid)])
  return below(root)
}

/** Reads one process. Returns an empty list when it has exited. */
export function readProcess(pid: number): ProcessTimes[] {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === undefined) return []
  // The fields follow the name of the process, which is in parentheses and may contain any character.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const ticks = (first: number): number => ((fields[first] ?? 0) + (fields[first + 1] ?? 0)) * msPerTick
  return [{ pid, parent: fields[1] ?? 0, cpuMs: ticks(11), endedChildrenMs: ticks(13) }]
}

/** Linux reports the times of processes in hundredths of a second. */
const msPerTick = 10

/** Processor time of a process's living threads in milliseconds, more exact than the hundredths of `readProcess`. */
export function processorMs(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readText(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0),
  )
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6
}

/**
 * Resident memory of some processes together in MB, read quickly enough for frequent samples. Linux only. Memory that
 * they share counts for each.
 */
export function quickResidentMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) =>
    Number(/^VmRSS:\s*(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1] ?? 0),
  )
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // the process has exited
  }
}

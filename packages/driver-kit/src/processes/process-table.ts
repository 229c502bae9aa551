import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Where the kernel's own table is files; elsewhere on POSIX it is asked through `ps`. */
export const hasProc = process.platform === 'linux'

/** Whether a process runs. A zombie does not: it waits for its parent to take note of its end. */
export function processRuns(pid: number): boolean {
  return isLive(stateOf(pid))
}

/** The state of a process, as /proc and `ps` write it; `undefined` when it is gone or cannot be looked up. */
export function stateOf(pid: number): string | undefined {
  if (hasProc) return procStat(pid)?.state
  return ps(['-o', 'stat=', '-p', String(pid)]).trim() || undefined
}

/** Whether the table counts pids as we do. A sandbox may have pids of its own and still show the /proc around it. */
export function tableIsOurs(): boolean {
  if (!hasProc) return true
  try {
    return readlinkSync('/proc/self') === String(process.pid)
  } catch {
    // No /proc at all.
    return false
  }
}

/** Whether a process in this state, as /proc and `ps` write it, runs. */
export function isLive(state: string | undefined): boolean {
  return state !== undefined && /^[^ZX]/.test(state)
}

/** The pids in /proc. */
export function procPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
}

/** What /proc/PID/stat says, or `undefined` when the process is gone. */
export function procStat(pid: number): ProcStat | undefined {
  const text = procText(pid, 'stat')
  // The second field is the process's own name, in parentheses, and may hold anything, parentheses too.
  const [state, parentId, groupId, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const startTime = rest[16]
  if (state === undefined || groupId === undefined || startTime === undefined) return undefined
  return { state, parentId: Number(parentId), groupId: Number(groupId), startTime, terminal: Number(rest[1]) }
}

/** Whether a process has a terminal. False when it is gone. */
export function hasTerminal(pid: number): boolean {
  if (hasProc) return (procStat(pid)?.terminal ?? 0) !== 0
  return /^[a-z]/i.test(ps(['-o', 'tty=', '-p', String(pid)]).trim())
}

type ProcStat = { state: string; parentId: number; groupId: number; startTime: string; terminal: number }

/** The pid of a process's parent; `undefined` when the process is gone. */
export function parentOf(pid: number): number | undefined {
  if (hasProc) return procStat(pid)?.parentId
  const text = ps(['-o', 'ppid=', '-p', String(pid)]).trim()
  return text === '' ? undefined : Number(text)
}

/** The environment that a process was started with, for `variableIn`; empty when it is gone or hides it. */
export function environmentText(pid: number): string {
  return hasProc ? procText(pid, 'environ') : ps(['-wwE', '-o', 'command=', '-p', String(pid)])
}

/** A variable in such a text. `ps` puts the environment behind the arguments, so the last one counts. */
export function variableIn(text: string, name: string): string | undefined {
  const assignments = text.split(hasProc ? '\0' : ' ').filter((word) => word.startsWith(`${name}=`))
  return assignments.at(-1)?.slice(name.length + 1)
}

/** A file of /proc/PID as bytes in a string; empty when the process is gone or another user's. */
export function procText(pid: number, file: 'stat' | 'status' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    // ENOENT and ESRCH: gone. EACCES and EPERM: not ours. There is nothing else to learn from either.
    return ''
  }
}

/** What `ps` prints in the C locale and UTC; empty when it finds no such process. */
export function ps(args: readonly string[]): string {
  const environment = { PATH: process.env['PATH'], ...psEnvironment }
  try {
    return execFileSync('ps', args, { encoding: 'utf8', env: environment, maxBuffer: 2 ** 28, stdio: 'pipe' })
  } catch {
    // `ps -p` exits 1 when the process is gone; without a ps nothing can be found at all.
    return ''
  }
}

/** Makes `ps` write a start time the same way whoever asks. */
export const psEnvironment = { LC_ALL: 'C', TZ: 'UTC' }

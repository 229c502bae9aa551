import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Whether the process table is read from /proc; other POSIX systems use `ps`. */
export const hasProcFolder = process.platform === 'linux'

/** Whether a process runs. A zombie does not run. */
export function isProcessRunning(pid: number): boolean {
  return isRunningState(readProcessState(pid))
}

/** The state letters of a process, as /proc and `ps` write them; undefined when it is gone or hidden. */
export function readProcessState(pid: number): string | undefined {
  if (hasProcFolder) return readProcStat(pid)?.state
  return runPs(['-o', 'stat=', '-p', String(pid)]).trim() || undefined
}

/** Whether the process table has the pids of this process's namespace. A sandbox may show the /proc of the system around it. */
export function processTableHasOwnPids(): boolean {
  if (!hasProcFolder) return true
  try {
    return readlinkSync('/proc/self') === String(process.pid)
  } catch {
    // No /proc at all.
    return false
  }
}

/** Whether a state, as /proc and `ps` write it, is that of a running process. */
export function isRunningState(state: string | undefined): boolean {
  return state !== undefined && /^[^ZX]/.test(state)
}

export function listProcPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
}

/** Reads /proc/PID/stat; undefined when the process is gone. */
export function readProcStat(pid: number): ProcStat | undefined {
  const text = readProcFile(pid, 'stat')
  // The second field is the name of the process in parentheses, and may contain parentheses itself.
  const [state, parentId, groupId, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const startTime = rest[16]
  if (state === undefined || groupId === undefined || startTime === undefined) return undefined
  return { state, parentId: Number(parentId), groupId: Number(groupId), startTime, terminal: Number(rest[1]) }
}

/** Whether a process has a terminal; false when it is gone. */
export function processHasTerminal(pid: number): boolean {
  if (hasProcFolder) return (readProcStat(pid)?.terminal ?? 0) !== 0
  return /^[a-z]/i.test(runPs(['-o', 'tty=', '-p', String(pid)]).trim())
}

type ProcStat = { state: string; parentId: number; groupId: number; startTime: string; terminal: number }

/** The pid of a process's parent; `undefined` when the process is gone. */
export function readParentPid(pid: number): number | undefined {
  if (hasProcFolder) return readProcStat(pid)?.parentId
  const text = runPs(['-o', 'ppid=', '-p', String(pid)]).trim()
  return text === '' ? undefined : Number(text)
}

/** The environment that a process was started with, as a text for `findVariableInText`; empty when it is gone or hidden. */
export function readEnvironmentText(pid: number): string {
  return hasProcFolder ? readProcFile(pid, 'environ') : runPs(['-wwE', '-o', 'command=', '-p', String(pid)])
}

/** The value of a variable in the text of `readEnvironmentText`. `ps` prints the arguments before the environment, so the last match counts. */
export function findVariableInText(text: string, name: string): string | undefined {
  const assignments = text.split(hasProcFolder ? '\0' : ' ').filter((word) => word.startsWith(`${name}=`))
  return assignments.at(-1)?.slice(name.length + 1)
}

/** A file of /proc/PID as latin1; empty when the process is gone or belongs to another user. */
export function readProcFile(pid: number, file: 'stat' | 'status' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    // ENOENT and ESRCH: the process is gone. EACCES and EPERM: it belongs to another user.
    return ''
  }
}

/** The output of `ps` in the C locale and UTC; empty when it finds no process. */
export function runPs(args: readonly string[]): string {
  const environment = { PATH: process.env['PATH'], ...psEnvironment }
  try {
    return execFileSync('ps', args, { encoding: 'utf8', env: environment, maxBuffer: 2 ** 28, stdio: 'pipe' })
  } catch {
    // `ps -p` exits with 1 when the process is gone. Without `ps` no process can be found.
    return ''
  }
}

/** The environment of `ps`, so that it writes start times in one format for all users. */
export const psEnvironment = { LC_ALL: 'C', TZ: 'UTC' }

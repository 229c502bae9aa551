import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Returns the pids below a process, however deep; zombies, and each `ps` that looks, aside. */
export function descendantsOf(pid: number): number[] {
  const running = processTable().filter(isRunning)
  const below = (ancestor: number): number[] =>
    running.flatMap(({ pid: child, parent }) => (parent === ancestor ? [child, ...below(child)] : []))
  return below(pid)
}

/** Returns the pids of the processes whose environment contains a text. */
export function processesWith(text: string): number[] {
  if (process.platform === 'win32') return []
  if (hasProc) return procPids().filter((pid) => hasText(pid, text))
  const lines = ps(['-axwwE', '-o', 'pid=,command=']).filter((line) => line.includes(text))
  return lines.map((line) => Number.parseInt(line, 10))
}

/**
 * Returns a function that lists the processes that have started since, and that descend from this one or have a text in their
 * environment. It reads new processes alone, because reading all takes several milliseconds, and tests ask often.
 */
export function watchForNewProcesses(): (text: string) => number[] {
  const old = new Set([process.pid, ...(hasProc ? procPids() : descendantsOf(process.pid))])
  const isNew = (pid: number): boolean => !old.has(pid)
  return (text) =>
    hasProc
      ? procPids().filter((pid) => isNew(pid) && (isBelow(pid, process.pid) || hasText(pid, text)))
      : [...new Set([...descendantsOf(process.pid), ...processesWith(text)])].filter(isNew)
}

/** Whether a process is below another one, as in `descendantsOf`. */
function isBelow(pid: number, ancestor: number): boolean {
  let row = rowOf(pid)
  if (row === undefined || !isRunning(row)) return false
  while (row !== undefined && row.parent !== ancestor) row = rowOf(row.parent)
  return row !== undefined
}

/** The name of a process's executable and its command line; undefined when it is gone. */
export function processCommand(pid: number): { name: string; command: string } | undefined {
  const [name = '', command = ''] = hasProc
    ? [procText(pid, 'comm'), procText(pid, 'cmdline').replaceAll('\0', ' ')]
    : ['comm=', 'command='].map((what) => ps(['-ww', '-o', what, '-p', String(pid)]).join(''))
  return name === '' ? undefined : { name: name.trim(), command: command.trim() }
}

type Row = { pid: number; parent: number; state: string; name: string }

/** Whether a process is neither a zombie nor a `ps` that looks. */
function isRunning({ state, name }: Row): boolean {
  return !state.startsWith('Z') && name !== 'ps'
}

function processTable(): Row[] {
  if (hasProc) return procPids().flatMap((pid) => rowOf(pid) ?? [])
  return ps(['-eo', 'pid=,ppid=,stat=,comm=']).map((line) => {
    const [pid, parent, state = '', name = ''] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), state, name }
  })
}

/** Reads the state and parent of a process from /proc. The process's own name, in parentheses, may hold anything. */
function rowOf(pid: number): Row | undefined {
  const [, name = '', state = '', parent] = /\((.*)\) (\S) (\d+)/s.exec(procText(pid, 'stat')) ?? []
  return parent === undefined ? undefined : { pid, parent: Number(parent), state, name }
}

/** Whether processes are read from /proc, which costs a hundredth of a `ps`, because tests ask often. */
const hasProc = process.platform === 'linux'

function procPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
}

function hasText(pid: number, text: string): boolean {
  return procText(pid, 'environ').includes(text)
}

function procText(pid: number, file: 'stat' | 'comm' | 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return '' // gone meanwhile, or another user's
  }
}

/** Returns the output lines of `ps`; none when it finds no process. */
function ps(args: readonly string[]): string[] {
  if (process.platform === 'win32') return []
  try {
    return execFileSync('ps', args, { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n')
  } catch {
    return [] // `ps -p` exits 1 when the process is gone
  }
}

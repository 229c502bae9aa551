import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** The pids below a process, however deep; the `ps` that looks, and zombies, aside. */
export function descendantsOf(pid: number): number[] {
  const rows = ps(['-eo', 'pid=,ppid=,stat=,comm=']).map((line) => line.trim().split(/\s+/))
  const running = rows.filter(([, , state = '', name]) => !state.startsWith('Z') && name !== 'ps')
  const below = (parent: string): string[] =>
    running.flatMap(([child = '', itsParent]) => (itsParent === parent ? [child, ...below(child)] : []))
  return below(String(pid)).map(Number)
}

/** The pids of the processes that have a text in their environment. */
export function processesWith(text: string): number[] {
  if (process.platform === 'win32') return []
  if (process.platform !== 'linux') {
    const lines = ps(['-axwwE', '-o', 'pid=,command=']).filter((line) => line.includes(text))
    return lines.map((line) => Number.parseInt(line, 10))
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => environmentOf(pid).includes(text)).map(Number)
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return '' // gone meanwhile, or another user's
  }
}

function ps(args: readonly string[]): string[] {
  if (process.platform === 'win32') return []
  return execFileSync('ps', args, { encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\n')
}

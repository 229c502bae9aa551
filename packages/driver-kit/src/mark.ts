import { hasProc, procPids, procText, ps } from './process-table.js'

/** The variable that marks a child and, by inheritance, its descendants: `<supervisor's nonce>.<child's own>`. */
export const markVariable = 'SUBAGENT_MCP_NONCE'

/**
 * The processes that carry a mark, wherever they moved: a descendant can leave the group, but keeps the
 * environment it was started with. Not found: one started with a clean environment; on macOS, Apple's own
 * binaries, whose environment is hidden; on Windows none, where `taskkill /T` has to suffice.
 */
export function markedProcesses(mark: string): number[] {
  if (process.platform === 'win32') return []
  if (hasProc) return procPids().filter((pid) => carriesMark(pid, mark))
  return ps(['-axwwE', '-o', 'pid=', '-o', 'command='])
    .split('\n')
    .filter((line) => line.includes(assignment(mark)))
    .map((line) => Number.parseInt(line, 10))
}

/** Whether this pid carries the mark now. Asked right before a signal: a pid used again does not. */
export function carriesMark(pid: number, mark: string): boolean {
  const text = hasProc ? procText(pid, 'environ') : ps(['-wwE', '-o', 'command=', '-p', String(pid)])
  return text.includes(assignment(mark))
}

function assignment(mark: string): string {
  return `${markVariable}=${mark}`
}

import { environmentText, hasProc, procPids, ps, variableIn } from './process-table.js'

/** The variable that marks a child and, by inheritance, its descendants: `<supervisor's nonce>.<child's own>`. */
export const markVariable = 'SUBAGENT_MCP_NONCE'

/**
 * The processes that carry one of these marks, wherever they moved: a descendant can leave the group, but keeps the
 * environment it was started with. Not found: one started with a clean environment; on macOS, Apple's own
 * binaries, whose environment is hidden; on Windows none, where `taskkill /T` has to suffice.
 */
export function markedProcesses(marks: readonly string[]): number[] {
  if (process.platform === 'win32') return []
  if (hasProc) return procPids().filter((pid) => carriesMark(pid, marks))
  return ps(['-axwwE', '-o', 'pid=', '-o', 'command='])
    .split('\n')
    .filter((line) => holdsMark(line, marks))
    .map((line) => Number.parseInt(line, 10))
}

/** Whether this pid carries one of the marks now. Asked right before a signal: a pid used again does not. */
export function carriesMark(pid: number, marks: readonly string[]): boolean {
  return holdsMark(environmentText(pid), marks)
}

function holdsMark(text: string, marks: readonly string[]): boolean {
  const carried = variableIn(text, markVariable)
  return carried !== undefined && marks.some((mark) => carried.startsWith(mark))
}

import {
  readEnvironmentText,
  hasProcFolder,
  listProcPids,
  runPs,
  findVariableInText,
} from './process-table.js'

/** Tests the environment that a process was started with; the argument is a text for `findVariableInText`. */
export type EnvironmentTest = (environment: string) => boolean

/**
 * The pids of all processes whose environment passes a test. A descendant can leave its process group but not its
 * environment. Not found are processes with a clean environment, Apple's own binaries on macOS, which hide theirs, and on
 * Windows all processes.
 */
export function findProcessesByEnvironment(holds: EnvironmentTest): number[] {
  if (process.platform === 'win32') return []
  if (hasProcFolder) return listProcPids().filter((pid) => holds(readEnvironmentText(pid)))
  return runPs(['-axwwE', '-o', 'pid=', '-o', 'command='])
    .split('\n')
    .filter(holds)
    .map((line) => Number.parseInt(line, 10))
}

/** The variable that marks a child and, by inheritance, its descendants: `<nonce of the watchdog>.<random>`. */
export const childMarkVariable = 'SUBAGENT_MCP_NONCE'

/** Creates a test for an environment: whether its mark begins with one of the given texts. */
export function createChildMarkTest(marks: readonly string[]): EnvironmentTest {
  return (environment) => {
    const carried = findVariableInText(environment, childMarkVariable)
    return carried !== undefined && marks.some((mark) => carried.startsWith(mark))
  }
}

export function findMarkedChildProcesses(marks: readonly string[]): number[] {
  return findProcessesByEnvironment(createChildMarkTest(marks))
}

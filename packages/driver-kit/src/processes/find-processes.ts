import { environmentTextOf, hasProcFolder, listProcPids, runPs } from './process-table.js'

/** Tests the environment that a process was started with; the argument is a text for `variableIn`. */
export type EnvironmentTest = (environment: string) => boolean

/**
 * The pids of all processes whose environment passes a test. A descendant can leave its process group but not its
 * environment. Not found are processes with a clean environment, Apple's own binaries on macOS, which hide theirs, and on
 * Windows all processes.
 */
export function processesByEnvironment(holds: EnvironmentTest): number[] {
  if (process.platform === 'win32') return []
  if (hasProcFolder) return listProcPids().filter((pid) => holds(environmentTextOf(pid)))
  return runPs(['-axwwE', '-o', 'pid=', '-o', 'command='])
    .split('\n')
    .filter(holds)
    .map((line) => Number.parseInt(line, 10))
}

import { environmentText, hasProc, procPids, ps, variableIn } from './process-table.js'

/** Says something of the environment that a process was started with, as a text for `variableIn`. */
export type EnvironmentTest = (environment: string) => boolean

/**
 * The processes of whose environment this is true, wherever they moved: a descendant can leave the group, but keeps
 * the environment it was started with. Not found: one started with a clean environment; on macOS, Apple's own
 * binaries, whose environment is hidden; on Windows none, where `taskkill /T` has to suffice.
 */
export function processesWhere(holds: EnvironmentTest): number[] {
  if (process.platform === 'win32') return []
  if (hasProc) return procPids().filter((pid) => holds(environmentText(pid)))
  return ps(['-axwwE', '-o', 'pid=', '-o', 'command='])
    .split('\n')
    .filter(holds)
    .map((line) => Number.parseInt(line, 10))
}

/** Those that were started with this variable of this value. */
export function processesStartedWith(name: string, value: string): number[] {
  return processesWhere((environment) => variableIn(environment, name) === value)
}

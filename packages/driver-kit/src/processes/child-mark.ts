import { processesWhere, type EnvironmentTest } from './find-processes.js'
import { variableIn } from './process-table.js'

/** The variable that marks a child and, by inheritance, its descendants: `<nonce of the watchdog>.<random>`. */
export const markVariable = 'SUBAGENT_MCP_NONCE'

/** Creates a test for an environment: whether its mark begins with one of the given texts. */
export function hasMarkIn(marks: readonly string[]): EnvironmentTest {
  return (environment) => {
    const carried = variableIn(environment, markVariable)
    return carried !== undefined && marks.some((mark) => carried.startsWith(mark))
  }
}

/** The pids of all processes whose mark begins with one of the given texts. */
export function markedProcesses(marks: readonly string[]): number[] {
  return processesWhere(hasMarkIn(marks))
}

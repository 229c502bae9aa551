import { processesByEnvironment, type EnvironmentTest } from './find-processes.js'
import { variableInText } from './process-table.js'

/** The variable that marks a child and, by inheritance, its descendants: `<nonce of the watchdog>.<random>`. */
export const childMarkVariable = 'SUBAGENT_MCP_NONCE'

/** Creates a test for an environment: whether its mark begins with one of the given texts. */
export function childMarkTest(marks: readonly string[]): EnvironmentTest {
  return (environment) => {
    const carried = variableInText(environment, childMarkVariable)
    return carried !== undefined && marks.some((mark) => carried.startsWith(mark))
  }
}

export function markedChildProcesses(marks: readonly string[]): number[] {
  return processesByEnvironment(childMarkTest(marks))
}

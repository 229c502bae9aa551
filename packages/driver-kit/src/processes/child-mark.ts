import { processesWhere, type EnvironmentTest } from './find-processes.js'
import { variableIn } from './process-table.js'

/** The variable that marks a child and, by inheritance, its descendants: `<supervisor's nonce>.<child's own>`. */
export const markVariable = 'SUBAGENT_MCP_NONCE'

/** Whether an environment carries one of these marks, or one that begins so. */
export function marked(marks: readonly string[]): EnvironmentTest {
  return (environment) => {
    const carried = variableIn(environment, markVariable)
    return carried !== undefined && marks.some((mark) => carried.startsWith(mark))
  }
}

/** The processes that carry one of these marks, wherever they moved. */
export function markedProcesses(marks: readonly string[]): number[] {
  return processesWhere(marked(marks))
}

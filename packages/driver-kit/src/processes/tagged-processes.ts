import { findProcessesByEnvironment, type EnvironmentTest, createChildMarkTest } from './find-processes.js'
import { killProcessesByEnvironment } from './kill-processes.js'
import { findVariableInText } from './process-table.js'

/**
 * Selects descendants of a child by an environment variable. Without `value` any value matches. `pid` is the child itself,
 * which never matches.
 */
export type ProcessTag = { mark: string; pid?: number | undefined; name: string; value?: string | undefined }

/** The pids of the descendants that a tag selects. None on Windows. */
export function findTaggedProcesses(tag: ProcessTag): number[] {
  return findProcessesByEnvironment(tagged(tag)).filter((pid) => pid !== tag.pid)
}

/** Kills the descendants that a tag selects, and returns how many. Bounded in time. */
export function killTaggedProcesses(tag: ProcessTag): Promise<number> {
  return killProcessesByEnvironment(tagged(tag), { spared: tag.pid })
}

/** Kills the listed processes that a tag still selects, and no newer ones. Bounded in time. */
export function killListedProcesses(pids: readonly number[], tag: ProcessTag): Promise<number> {
  return killProcessesByEnvironment(tagged(tag), { spared: tag.pid, among: pids })
}

function tagged({ mark, name, value }: ProcessTag): EnvironmentTest {
  const isOfChild = createChildMarkTest([mark])
  return (environment) => {
    const carried = findVariableInText(environment, name)
    return carried !== undefined && (value === undefined || carried === value) && isOfChild(environment)
  }
}

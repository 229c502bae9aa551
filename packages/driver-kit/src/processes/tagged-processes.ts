import { processesWhere, type EnvironmentTest } from './find-processes.js'
import { killProcessesWhere } from './kill-processes.js'
import { hasMarkIn } from './child-mark.js'
import { variableIn } from './process-table.js'

/**
 * Selects descendants of a child by an environment variable. Without `value` any value matches. `pid` is the child itself,
 * which never matches.
 */
export type ProcessTag = { mark: string; pid?: number | undefined; name: string; value?: string | undefined }

/** The pids of the descendants that a tag selects. None on Windows. */
export function taggedProcesses(tag: ProcessTag): number[] {
  return processesWhere(tagged(tag)).filter((pid) => pid !== tag.pid)
}

/** Kills the descendants that a tag selects, and returns how many. Bounded in time. */
export function killTagged(tag: ProcessTag): Promise<number> {
  return killProcessesWhere(tagged(tag), { spared: tag.pid })
}

/** Kills the listed processes that a tag still selects, and no newer ones. Bounded in time. */
export function killListed(pids: readonly number[], tag: ProcessTag): Promise<number> {
  return killProcessesWhere(tagged(tag), { spared: tag.pid, among: pids })
}

function tagged({ mark, name, value }: ProcessTag): EnvironmentTest {
  const isOfChild = hasMarkIn([mark])
  return (environment) => {
    const carried = variableIn(environment, name)
    return carried !== undefined && (value === undefined || carried === value) && isOfChild(environment)
  }
}

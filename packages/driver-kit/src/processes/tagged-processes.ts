import { processesWhere, type EnvironmentTest } from './find-processes.js'
import { killWhere } from './kill-processes.js'
import { marked } from './child-mark.js'
import { variableIn } from './process-table.js'

/**
 * Selects descendants of a child by an environment variable. Without `value` any value matches. `pid` is the child itself,
 * which never matches.
 */
export type Tag = { mark: string; pid?: number | undefined; name: string; value?: string | undefined }

/** The pids of the descendants that a tag selects. None on Windows. */
export function taggedProcesses(tag: Tag): number[] {
  return processesWhere(tagged(tag)).filter((pid) => pid !== tag.pid)
}

/** Kills the descendants that a tag selects, and returns how many. Bounded in time. */
export function endTagged(tag: Tag): Promise<number> {
  return killWhere(tagged(tag), { spared: tag.pid })
}

/** Kills the listed processes that a tag still selects, and no newer ones. Bounded in time. */
export function endListed(pids: readonly number[], tag: Tag): Promise<number> {
  return killWhere(tagged(tag), { spared: tag.pid, among: pids })
}

function tagged({ mark, name, value }: Tag): EnvironmentTest {
  const isOfChild = marked([mark])
  return (environment) => {
    const carried = variableIn(environment, name)
    return carried !== undefined && (value === undefined || carried === value) && isOfChild(environment)
  }
}

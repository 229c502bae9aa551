import { processesWhere, type EnvironmentTest } from './find-processes.js'
import { killWhere } from './kill-processes.js'
import { marked } from './child-mark.js'
import { variableIn } from './process-table.js'

/**
 * Which descendants of a child are meant: those that have this variable in their environment, whatever its value where
 * none is given. `pid` is the child's own, which is none of them.
 */
export type Tag = { mark: string; pid?: number | undefined; name: string; value?: string | undefined }

/** The processes that a tag names, wherever they moved. None on Windows. */
export function taggedProcesses(tag: Tag): number[] {
  return processesWhere(tagged(tag)).filter((pid) => pid !== tag.pid)
}

/** Kills the processes that a tag names, with a look before each signal, and returns how many that were. Bounded in time. */
export function endTagged(tag: Tag): Promise<number> {
  return killWhere(tagged(tag), { spared: tag.pid })
}

/** The same for those alone that were listed; what came since is let be. */
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

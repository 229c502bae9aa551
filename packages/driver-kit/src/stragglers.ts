import { killWhere } from './kill-where.js'
import { marked } from './mark.js'
import { groupRuns, signalGroup } from './process-group.js'

/**
 * Ends what a child leaves behind when its leader is gone: the rest of its group, and the descendants that left it.
 * Begins before it returns; bounded in time.
 */
export async function endStragglers({ groupId, mark }: { groupId: number; mark: string }): Promise<void> {
  let groupIsOurs = true
  const killGroup = () => {
    groupIsOurs &&= groupRuns(groupId)
    if (groupIsOurs) signalGroup(groupId, 'SIGKILL')
    return groupIsOurs
  }
  await killWhere(marked([mark]), { killMore: killGroup })
}

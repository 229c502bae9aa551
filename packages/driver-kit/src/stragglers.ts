import { setTimeout as delay } from 'node:timers/promises'
import { carriesMark, markedProcesses } from './mark.js'
import { groupRuns, signalGroup, signalIfThere } from './process-group.js'
import { processRuns } from './process-table.js'

const limitMs = 2_000
const roundMs = 10

/**
 * Ends what a child leaves behind when its leader is gone: the rest of its group, and the descendants that left it.
 * Begins before it returns. Looks until nothing is left, as a process may fork while it is looked for, and takes
 * its time to die; bounded all the same.
 */
export async function endStragglers({ groupId, mark }: { groupId: number; mark: string }): Promise<void> {
  const deadline = Date.now() + limitMs
  let groupIsOurs = true
  let dying: number[] = []
  for (;;) {
    groupIsOurs &&= groupRuns(groupId)
    if (groupIsOurs) signalGroup(groupId, 'SIGKILL')
    const marked = markedProcesses(mark)
    for (const pid of marked) if (carriesMark(pid, mark)) signalIfThere(pid, 'SIGKILL')
    // A process loses its environment a moment before it is gone.
    dying = [...new Set([...dying, ...marked])].filter(processRuns)
    if ((!groupIsOurs && dying.length === 0) || Date.now() > deadline) return
    await delay(roundMs)
  }
}

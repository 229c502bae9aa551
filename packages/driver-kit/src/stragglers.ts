import { setTimeout as delay } from 'node:timers/promises'
import { carriesMark, markedProcesses } from './mark.js'
import { groupRuns, signalGroup, signalIfThere } from './process-group.js'

const limitMs = 2_000
const roundMs = 10

/**
 * Ends what a child leaves behind when its leader is gone: the rest of its group, and the descendants that left
 * it. Begins before it returns. Looks until it finds none, as one may fork while it is looked for; bounded in time.
 */
export async function endStragglers({ groupId, mark }: { groupId: number; mark: string }): Promise<void> {
  const deadline = Date.now() + limitMs
  let groupIsOurs = true
  for (;;) {
    groupIsOurs &&= groupRuns(groupId)
    if (groupIsOurs) signalGroup(groupId, 'SIGKILL')
    const left = markedProcesses(mark)
    for (const pid of left) if (carriesMark(pid, mark)) signalIfThere(pid, 'SIGKILL')
    if ((!groupIsOurs && left.length === 0) || Date.now() > deadline) return
    await delay(roundMs)
  }
}

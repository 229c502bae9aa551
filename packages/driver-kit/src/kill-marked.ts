import { setTimeout as delay } from 'node:timers/promises'
import { carriesMark, markedProcesses } from './mark.js'
import { signalIfThere } from './process-group.js'
import { processRuns } from './process-table.js'

const limitMs = 2_000
const roundMs = 10

/**
 * Kills what carries one of these marks, never ourselves, and returns how many that were. Begins before it returns.
 * Looks until nothing is left, as a process may fork while it is looked for, and takes its time to die; bounded all
 * the same. `killMore` goes along in each round, and says whether there is more to die.
 */
export async function killMarked(
  marks: readonly string[],
  killMore: () => boolean = () => false,
): Promise<number> {
  const deadline = Date.now() + limitMs
  const killed = new Set<number>()
  let dying: number[] = []
  for (;;) {
    const more = killMore()
    const marked = markedProcesses(marks).filter((pid) => pid !== process.pid)
    for (const pid of marked) {
      if (carriesMark(pid, marks) && signalIfThere(pid, 'SIGKILL')) killed.add(pid)
    }
    // A process loses its environment a moment before it is gone.
    dying = [...new Set([...dying, ...marked])].filter(processRuns)
    if ((!more && dying.length === 0) || Date.now() > deadline) return killed.size
    await delay(roundMs)
  }
}

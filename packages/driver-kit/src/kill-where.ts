import { setTimeout as delay } from 'node:timers/promises'
import { processesWhere, type EnvironmentTest } from './environment-test.js'
import { signalIfThere } from './process-group.js'
import { environmentText, processRuns } from './process-table.js'

const limitMs = 2_000
const roundMs = 10

/**
 * Kills the processes of whose environment this is true, never ourselves nor one that is `spared`, and returns how many
 * that were. Begins before it returns. Looks until nothing is left, as a process may fork while it is looked for, and
 * takes its time to die; bounded all the same. `killMore` goes along in each round, and says whether there is more to die.
 */
export async function killWhere(
  holds: EnvironmentTest,
  { spared, killMore = () => false }: { spared?: number | undefined; killMore?: () => boolean } = {},
): Promise<number> {
  const deadline = Date.now() + limitMs
  const killed = new Set<number>()
  let dying: number[] = []
  for (;;) {
    const more = killMore()
    const found = processesWhere(holds).filter((pid) => pid !== process.pid && pid !== spared)
    for (const pid of found) {
      // Asked right before the signal: a pid that was used again does not hold.
      if (holds(environmentText(pid)) && signalIfThere(pid, 'SIGKILL')) killed.add(pid)
    }
    // A process loses its environment a moment before it is gone.
    dying = [...new Set([...dying, ...found])].filter(processRuns)
    const settled = !more && found.length === 0 && dying.length === 0
    if (settled || Date.now() > deadline) return killed.size
    await delay(roundMs)
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import { processesWhere, type EnvironmentTest } from './find-processes.js'
import { signalIfThere } from './process-group.js'
import { environmentText, processRuns } from './process-table.js'

const limitMs = 2_000
const roundMs = 10

/**
 * Kills the processes of whose environment this is true, never ourselves nor one that is `spared`, and returns how many
 * that were. Begins before it returns. Looks until nothing is left, as a process may fork while it is looked for, and
 * takes its time to die; bounded all the same. `killMore` goes along in each round, and says whether there is more to die.
 * With `among` no others are looked for.
 */
export async function killWhere(
  holds: EnvironmentTest,
  { spared, killMore = () => false, among }: KillOptions = {},
): Promise<number> {
  const deadline = Date.now() + limitMs
  const killed = new Set<number>()
  let dying: number[] = []
  const stillHolds = (pid: number) => holds(environmentText(pid))
  for (;;) {
    const more = killMore()
    const found = (among?.filter(stillHolds) ?? processesWhere(holds)).filter(
      (pid) => pid !== process.pid && pid !== spared,
    )
    for (const pid of found) {
      // Asked right before the signal: a pid that was used again does not hold.
      if (stillHolds(pid) && signalIfThere(pid, 'SIGKILL')) killed.add(pid)
    }
    // A process loses its environment a moment before it is gone.
    dying = [...new Set([...dying, ...found])].filter(processRuns)
    const settled = !more && found.length === 0 && dying.length === 0
    if (settled || Date.now() > deadline) return killed.size
    await delay(roundMs)
  }
}

type KillOptions = {
  spared?: number | undefined
  killMore?: () => boolean
  among?: readonly number[]
}

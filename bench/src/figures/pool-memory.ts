import { quantile, type Figure, type RunLength } from '../figure.js'
import { openPoolStage, type PoolStage } from '../pool-stage.js'
import { quickResidentMegabytes, processesBelow } from '../process-tree.js'

const counts: Record<RunLength, number> = { short: 150, full: 1_000, soak: 1_000 }

/** The number of tasks whose memory is the floor for the later ones. */
const first = 100

/** Memory of an agent's processes over many tasks, with the default recycling and without recycling. */
export async function poolMemory(length: RunLength): Promise<Figure[]> {
  const stage = await openPoolStage()
  const kept = await grow(stage, 'kept', counts[length])
  const recycled = await grow(stage, 'recycled', counts[length])
  await stage.close()
  return [
    { ...highest(kept), name: `claude: highest memory over ${counts[length]} tasks, never recycled` },
    {
      ...highest(recycled),
      name: `claude: highest memory over ${counts[length]} tasks, recycled`,
      limit: { type: 'ratio', most: 1.3 },
    },
  ]
}

/** For each task the memory after it in MB, of the largest process and of all together; and the number of processes. */
type Growth = { largest: number[]; together: number[]; processes: number }

async function grow(stage: PoolStage, agent: string, count: number): Promise<Growth> {
  const growth: Growth = { largest: [], together: [], processes: 0 }
  const seen = new Set<number>()
  await stage.reset(agent)
  for (let task = 0; task < count; task += 1) {
    await stage.invoke(agent)
    // The children of the daemon are the agent's processes and the daemon's watchdog, which is small.
    const pids = processesBelow(stage.daemon.pid).map(({ pid }) => pid)
    const sizes = pids.map((pid) => [pid, quickResidentMegabytes([pid])] as const)
    for (const [pid, size] of sizes) if (size > smallest) seen.add(pid)
    growth.largest.push(Math.max(...sizes.map(([, size]) => size)))
    growth.together.push(sizes.reduce((sum, [, size]) => sum + size, 0))
  }
  await stage.reset(agent)
  return { ...growth, processes: seen.size }
}

/** Memory in MB above which a child of the daemon counts as a process of the CLI. */
const smallest = 100

function highest({
  largest,
  together,
  processes,
}: Growth): Pick<Figure, 'unit' | 'n' | 'ours' | 'floor' | 'note'> {
  const last = Math.round(quantile(largest.slice(-10)))
  return {
    unit: 'MB',
    n: largest.length,
    ours: Math.max(...largest),
    floor: { name: `median of the first ${first}`, value: quantile(largest.slice(0, first)) },
    note: `${last} MB at the end; ${processes} processes, ${Math.round(Math.max(...together))} MB together`,
  }
}

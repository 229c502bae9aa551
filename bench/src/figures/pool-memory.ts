import { quantile, type Figure, type Length } from '../figure.js'
import { openPoolStage, type PoolStage } from '../pool-stage.js'
import { megabytesOf, processesBelow } from '../process-tree.js'

const counts: Record<Length, number> = { short: 150, full: 1_000, soak: 1_000 }

/** What is compared with all that comes after it. */
const first = 100

/** The memory of an agent's processes over many tasks, with and without the recycling of the defaults. */
export async function poolMemory(length: Length): Promise<Figure[]> {
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

/** After each task: the memory of the largest process, and of all together, in MB. */
type Growth = { largest: number[]; together: number[]; processes: number }

async function grow(stage: PoolStage, agent: string, count: number): Promise<Growth> {
  const growth: Growth = { largest: [], together: [], processes: 0 }
  const seen = new Set<number>()
  await stage.reset(agent)
  for (let task = 0; task < count; task += 1) {
    await stage.invoke(agent)
    // The processes of an agent are the daemon's own children, beside its watchdog, which is small.
    const pids = processesBelow(stage.daemon.pid).map(({ pid }) => pid)
    const sizes = pids.map((pid) => [pid, megabytesOf([pid])] as const)
    for (const [pid, size] of sizes) if (size > smallest) seen.add(pid)
    growth.largest.push(Math.max(...sizes.map(([, size]) => size)))
    growth.together.push(sizes.reduce((sum, [, size]) => sum + size, 0))
  }
  await stage.reset(agent)
  return { ...growth, processes: seen.size }
}

/** Of a process of the CLI, in MB. */
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

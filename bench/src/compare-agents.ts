import type { TemporaryHome } from '@subagent-mcp/testkit'
import type { BareCli } from './bare-server.js'
import { openBenchStage, type BenchStage } from './bench-stage.js'
import { quantile, type Figure } from './figure.js'
import { killAgents, launchAgents, type PinnedModel } from './launch-agents.js'
import { providerMegabytes } from './resident-memory.js'
import { millisecondsOf } from './timed.js'

/** The agents of one provider that are compared with its bare CLI, and the limits of the comparison. */
export type AgentComparison = {
  pin: PinnedModel
  counts: readonly number[]
  openBare: (home: TemporaryHome) => Promise<BareCli>
  /** The name of the floor in the figures. */
  floor: string
  limits: (count: number) => { time?: Limit; memory: Limit }
}
type Limit = Exclude<Figure['limit'], undefined>

const rounds = 3

/** Compares our agents with one bare CLI process for each: the time until all have answered, and the memory at that time. */
export async function compareAgents(comparison: AgentComparison): Promise<Figure[]> {
  const stage = await openBenchStage()
  const figures: Figure[] = []
  for (const count of comparison.counts) {
    const [bare, ours]: [Cost[], Cost[]] = [[], []]
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await bareCost(stage, comparison, count))
      ours.push(await ourCost(stage, comparison, count))
    }
    figures.push(...costFigures({ ...comparison, count, bare, ours }))
  }
  await stage.close()
  return figures
}

/** The cost of one round: milliseconds until the last answer, and memory of the CLI processes at that time in MB. */
type Cost = { time: number; memory: number }

async function ourCost(stage: BenchStage, { pin }: AgentComparison, count: number): Promise<Cost> {
  let ids: string[] = []
  const time = await millisecondsOf(async () => (ids = await launchAgents(stage, pin, count)))
  const memory = await providerMegabytes(stage)
  await killAgents(stage, ids)
  return { time, memory }
}

/** The number of bare processes that start in parallel. More would only wait for each other. */
const parallelStarts = 5

async function bareCost(stage: BenchStage, { openBare }: AgentComparison, count: number): Promise<Cost> {
  const servers: BareCli[] = []
  let left = count
  const openSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const server = await openBare(stage.home)
      servers.push(server)
      await (await server.session()).turn()
    }
  }
  const time = await millisecondsOf(() => Promise.all(Array.from({ length: parallelStarts }, openSome)))
  const memory = await providerMegabytes(stage)
  await Promise.all(servers.map((server) => server.close()))
  return { time, memory }
}

function costFigures(measured: AgentComparison & { count: number; bare: Cost[]; ours: Cost[] }): Figure[] {
  const { pin, count, bare, ours, floor, limits } = measured
  const { time, memory } = limits(count)
  const agents = `${pin.provider}: ${count} ${count === 1 ? 'agent' : 'agents'}`
  const figure = (what: keyof Cost): Pick<Figure, 'n' | 'ours' | 'floor'> => ({
    n: rounds,
    ours: quantile(ours.map((cost) => cost[what])),
    floor: { name: floor, value: quantile(bare.map((cost) => cost[what])) },
  })
  return [
    { name: `${agents}, launch → all finished`, unit: 'ms', ...figure('time'), ...(time && { limit: time }) },
    { name: `${agents}, memory`, unit: 'MB', ...figure('memory'), limit: memory },
  ]
}

import { openBareClaude, runBareClaude } from '../bare-claude.js'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { measureCost, type Cost } from '../measure-cost.js'
import { parallelTaskCount, openPoolStage, callInParallel, type PoolStage } from '../pool-stage.js'

const agent = 'kept'

const counts: Record<RunLength, readonly number[]> = {
  short: [1, 3, 10, 50],
  full: [1, 3, 5, 10, 50, 200],
  soak: [1, 3, 5, 10, 50, 200],
}

/** From this number of tasks on, short runs have one round only. */
const many = 50

/**
 * Time, processor time and memory of tasks for one Claude agent, from no process to the last answer. Floors: one bare
 * process that is cleared after each task, and a bare process for each task.
 */
export async function poolTaskCost(length: RunLength): Promise<Figure[]> {
  const stage = await openPoolStage()
  const figures: Figure[] = []
  for (const count of counts[length]) {
    const rounds = count < many || (count === many && length !== 'short') ? 3 : 1
    const costs = await measure(stage, count, rounds)
    figures.push(
      ...sequentialFigures({ count, rounds, ...costs }),
      ...parallelFigures({ count, rounds, ...costs }),
    )
  }
  await stage.close()
  return figures
}

type Ways = 'pooled' | 'loop' | 'each' | 'pooledParallel' | 'eachParallel'
type Costs = Record<Ways, Cost[]>

/** Measures all ways to run the tasks in every round, so that they share the state of the machine. */
async function measure(stage: PoolStage, count: number, rounds: number): Promise<Costs> {
  const costs: Costs = { pooled: [], loop: [], each: [], pooledParallel: [], eachParallel: [] }
  const { bare, ours } = stage
  const tasks = Array.from({ length: count })
  for (let round = 0; round < rounds; round += 1) {
    costs.loop.push(await measureCost(bare, () => bareLoop(stage, count)))
    costs.each.push(
      await measureCost(bare, async () => {
        for (const _ of tasks) await runBareClaude(stage)
      }),
    )
    costs.eachParallel.push(await measureCost(bare, () => callInParallel(count, () => runBareClaude(stage))))
    await stage.reset(agent)
    costs.pooled.push(
      await measureCost(ours, async () => {
        for (const _ of tasks) await stage.invoke(agent)
      }),
    )
    await stage.reset(agent)
    costs.pooledParallel.push(
      await measureCost(ours, () => Promise.all(tasks.map(() => stage.invoke(agent)))),
    )
    await stage.reset(agent)
  }
  return costs
}

async function bareLoop(stage: PoolStage, count: number): Promise<void> {
  const cli = openBareClaude(stage)
  for (let task = 0; task < count; task += 1) {
    await cli.turn()
    await cli.clear()
  }
  await cli.close()
}

type Measured = Costs & { count: number; rounds: number }

/** The figures of tasks that run one after the other. */
function sequentialFigures(measured: Measured): Figure[] {
  const { count } = measured
  const limit = count >= many ? ({ limit: { type: 'ratio', most: 1.15 } } as const) : {}
  const name = `${tasksOf(count)}, one by one`
  const [loop, each] = [
    { ours: 'pooled', floor: 'loop' } as const,
    { ours: 'pooled', floor: 'each' } as const,
  ]
  const below = { limit: { type: 'ratio', most: 1 } } as const
  return [
    { ...timeOf(measured, loop), name: `${name}: time a task`, ...limit },
    { ...cpuOf(measured, loop), name: `${name}: CPU a task`, ...limit },
    { ...memoryOf(measured, loop), name: `${name}: peak memory` },
    {
      ...timeOf(measured, each),
      name: `${name}, against a process each: time a task`,
      ...(count > 1 && below),
    },
    {
      ...cpuOf(measured, each),
      name: `${name}, against a process each: CPU a task`,
      ...(count > 1 && below),
    },
  ]
}

/** The figures of tasks that run in parallel. */
function parallelFigures(measured: Measured): Figure[] {
  const { count } = measured
  if (count === 1) return []
  const name = `${tasksOf(count)}, ${parallelTaskCount} at once`
  const ways = { ours: 'pooledParallel', floor: 'eachParallel' } as const
  const below = count >= many ? ({ limit: { type: 'ratio', most: 1 } } as const) : {}
  return [
    { ...timeOf(measured, ways), name: `${name}: time a task`, ...below },
    { ...cpuOf(measured, ways), name: `${name}: CPU a task`, ...below },
    { ...memoryOf(measured, ways), name: `${name}: peak memory` },
  ]
}

function tasksOf(count: number): string {
  return `claude: ${count} ${count === 1 ? 'task' : 'tasks'} of an agent`
}

type Pair = { ours: Ways; floor: 'loop' | 'each' | 'eachParallel' }
type Values = Pick<Figure, 'unit' | 'n' | 'ours' | 'floor'>

const floorNames = {
  loop: 'a warm CLI, cleared by hand',
  each: 'a process a task',
  eachParallel: 'a process a task',
}

function timeOf(measured: Measured, pair: Pair): Values {
  return { unit: 'ms', ...valuesOf(measured, pair, ({ wallMs }) => wallMs / measured.count) }
}

function cpuOf(measured: Measured, pair: Pair): Values {
  return { unit: 'ms', ...valuesOf(measured, pair, ({ cpuMs }) => cpuMs / measured.count) }
}

function memoryOf(measured: Measured, pair: Pair): Values {
  return { unit: 'MB', ...valuesOf(measured, pair, ({ peakMegabytes }) => peakMegabytes) }
}

function valuesOf(measured: Measured, { ours, floor }: Pair, read: (cost: Cost) => number) {
  return {
    n: measured.rounds,
    ours: quantile(measured[ours].map(read)),
    floor: { name: floorNames[floor], value: quantile(measured[floor].map(read)) },
  }
}

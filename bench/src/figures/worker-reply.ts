import { setTimeout as delay } from 'node:timers/promises'
import { openBareClaude, runBareClaude } from '../bare-claude.js'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { measureCost, type Cost, type MeasuredProcesses } from '../measure-cost.js'
import { processesBelow } from '../process-tree.js'
import { millisecondsOf } from '../timed.js'
import {
  openWorkerBenchStage,
  type MessageTimes,
  type BenchWorker,
  type WorkerBenchStage,
} from '../worker-bench-stage.js'

const warmRounds: Record<RunLength, number> = { short: 20, full: 100, soak: 100 }
const coldRounds: Record<RunLength, number> = { short: 4, full: 15, soak: 15 }

/** Time from a message to a worker's reply. Floors: a bare CLI that stays, and one that is started for each message. */
export async function workerReply(length: RunLength): Promise<Figure[]> {
  const stage = await openWorkerBenchStage()
  const figures = await warm(stage, warmRounds[length])
  for (const session of ['resume', 'fresh'] as const)
    figures.push(...(await cold(stage, session, coldRounds[length])))
  await stage.close()
  return figures
}

/** The measurements of one kind of worker session, one entry for each round. */
type Rounds = { costs: Cost[]; asked: MessageTimes[]; requests: number[] }

async function warm(stage: WorkerBenchStage, rounds: number): Promise<Figure[]> {
  const worker = await stage.start('warm')
  const bare = openBareClaude(stage)
  await Promise.all([stage.ask(worker), bare.turn()])
  const [ours, floor] = [noRounds(), Array<Cost>()]
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await measureCost(processes(stage, worker).bare, () => bare.turn()))
    await askOnce(stage, worker, ours)
  }
  await bare.close()
  await worker.end()
  const limits = { time: { type: 'ratio', most: 1.5 }, cpu: { type: 'amount', most: 130 } } as const
  return figuresOf({ name: 'warm', ours, floor, floorName: 'a bare warm turn', limits })
}

async function cold(stage: WorkerBenchStage, session: 'resume' | 'fresh', rounds: number): Promise<Figure[]> {
  const before = processesBelow(stage.daemon.pid).length
  const gone = async (): Promise<void> => {
    while (processesBelow(stage.daemon.pid).length > before) await delay(20)
  }
  const worker = await stage.start(session)
  // A session can be resumed only after its first answer.
  await stage.ask(worker)
  await gone()
  const [ours, floor] = [noRounds(), Array<Cost>()]
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await measureCost(processes(stage, worker).bare, () => runBareClaude(stage)))
    await askOnce(stage, worker, ours, gone)
  }
  await worker.end()
  return figuresOf({ name: session, ours, floor, floorName: 'a bare claude -p' })
}

function noRounds(): Rounds {
  return { costs: [], asked: [], requests: [] }
}

/**
 * Asks the worker once and adds the measurements. Processor time counts until `after` resolves, when the processes of
 * the turn are gone.
 */
async function askOnce(
  stage: WorkerBenchStage,
  worker: BenchWorker,
  { costs, asked, requests }: Rounds,
  after = () => Promise.resolve(),
): Promise<void> {
  requests.push(await millisecondsOf(stage.request))
  const act = async (): Promise<void> => {
    asked.push(await stage.ask(worker))
    await after()
  }
  costs.push(await measureCost(processes(stage, worker).ours, act))
}

function processes(
  { daemon, host }: WorkerBenchStage,
  worker: BenchWorker,
): { ours: MeasuredProcesses; bare: MeasuredProcesses } {
  return {
    ours: { ours: [worker.pid, daemon.pid], parent: daemon.pid, except: [] },
    bare: { ours: [], parent: process.pid, except: [host.pid, worker.pid] },
  }
}

type Measured = {
  name: string
  ours: Rounds
  floor: readonly Cost[]
  floorName: string
  limits?: Record<'time' | 'cpu', NonNullable<Figure['limit']>>
}

function figuresOf({ name, ours, floor, floorName, limits }: Measured): Figure[] {
  const way = `claude worker, ${name}`
  const about = { unit: 'ms', n: floor.length } as const
  const wall = { name: floorName, value: quantile(floor.map(({ wallMs }) => wallMs)) }
  const request = { name: 'a request to the daemon', value: quantile(ours.requests) }
  const times = (part: keyof MessageTimes): number => quantile(ours.asked.map((each) => each[part]))
  return [
    { ...about, name: `${way}: message → turn begins`, ours: times('begun'), floor: request },
    { ...about, name: `${way}: message → model asked`, ours: times('asked') },
    {
      ...about,
      name: `${way}: message → reply`,
      ours: times('replied'),
      floor: wall,
      ...(limits && { limit: limits.time }),
    },
    {
      ...about,
      name: `${way}: CPU a message`,
      ours: mean(ours.costs),
      floor: { name: floorName, value: mean(floor) },
      ...(limits && { limit: limits.cpu }),
      note: 'means',
    },
  ]
}

/**
 * The mean processor time. A median would mislead: the system counts hundredths of a second, and part of the work of
 * one round is done in the next.
 */
function mean(costs: readonly Cost[]): number {
  return costs.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / costs.length
}

import { setTimeout as delay } from 'node:timers/promises'
import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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
  return [await untilCliReads(warmRounds[length]), ...figures]
}

/**
 * Time from a message to the moment at which the warm CLI has read it, which is the beginning of the turn. It contains the request
 * that brings the message, the mailbox, the journal, and the pipe to the CLI.
 */
async function untilCliReads(rounds: number): Promise<Figure> {
  const stamping = fileURLToPath(new URL('../stamping-claude.js', import.meta.url))
  chmodSync(stamping, 0o755)
  const stage = await openWorkerBenchStage(stamping)
  const worker = await stage.start('warm')
  await stage.exchange(worker.name, 'start')
  const [times, requests]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    requests.push(await millisecondsOf(stage.request))
    const sentAt = process.hrtime.bigint()
    const { text } = await stage.exchange(worker.name, 'again')
    const [, readAt = ''] = /read (\d+)/.exec(text) ?? []
    times.push(Number(BigInt(readAt) - sentAt) / 1e6)
  }
  await worker.end()
  await stage.close()
  return {
    name: 'claude worker, warm: message → its CLI has read it',
    unit: 'ms',
    n: rounds,
    ours: quantile(times),
    floor: { name: 'a request to the daemon', value: quantile(requests) },
    limit: { type: 'amount', most: 3 },
  }
}

/** The measurements of one kind of worker session, one entry for each round. */
type Rounds = { costs: Cost[]; asked: MessageTimes[] }

async function warm(stage: WorkerBenchStage, rounds: number): Promise<Figure[]> {
  const worker = await stage.start('warm')
  const bare = openBareClaude(stage)
  await Promise.all([stage.ask(worker.name), bare.turn()])
  const [ours, floor] = [noRounds(), Array<Cost>()]
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await measureCost(processes(stage, worker).bare, () => bare.turn()))
    await askOnce(stage, worker, ours)
  }
  await bare.close()
  await worker.end()
  return figuresOf({ name: 'warm', ours, floor, floorName: 'a bare warm turn', most: 1.2 })
}

async function cold(stage: WorkerBenchStage, session: 'resume' | 'fresh', rounds: number): Promise<Figure[]> {
  const before = processesBelow(stage.daemon.pid).length
  const gone = async (): Promise<void> => {
    while (processesBelow(stage.daemon.pid).length > before) await delay(20)
  }
  const worker = await stage.start(session)
  // A session can be resumed only after its first answer.
  await stage.ask(worker.name)
  await gone()
  const [ours, floor] = [noRounds(), Array<Cost>()]
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await measureCost(processes(stage, worker).bare, () => runBareClaude(stage)))
    await askOnce(stage, worker, ours, gone)
  }
  await worker.end()
  return figuresOf({ name: session, ours, floor, floorName: 'a bare claude -p', most: 1.1 })
}

function noRounds(): Rounds {
  return { costs: [], asked: [] }
}

/**
 * Asks the worker once and adds the measurements. Processor time counts until `after` resolves, when the processes of
 * the turn are gone.
 */
async function askOnce(
  stage: WorkerBenchStage,
  worker: BenchWorker,
  { costs, asked }: Rounds,
  after = () => Promise.resolve(),
): Promise<void> {
  const act = async (): Promise<void> => {
    asked.push(await stage.ask(worker.name))
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
  /** The limit of the time to a reply, divided by the floor. */
  most: number
}

function figuresOf({ name, ours, floor, floorName, most }: Measured): Figure[] {
  const way = `claude worker, ${name}`
  const about = { unit: 'ms', n: floor.length } as const
  const wall = { name: floorName, value: quantile(floor.map(({ wallMs }) => wallMs)) }
  const times = (part: keyof MessageTimes): number => quantile(ours.asked.map((each) => each[part]))
  return [
    { ...about, name: `${way}: message → model asked`, ours: times('asked') },
    {
      ...about,
      name: `${way}: message → reply`,
      ours: times('replied'),
      floor: wall,
      limit: { type: 'ratio', most },
    },
    {
      ...about,
      name: `${way}: CPU a message`,
      ours: mean(ours.costs),
      floor: { name: floorName, value: mean(floor) },
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

import { setTimeout as delay } from 'node:timers/promises'
import { openBareClaude } from '../bare-claude.js'
import type { Figure, RunLength } from '../figure.js'
import { processesBelow, readProcess } from '../process-tree.js'
import { millisecondsOf } from '../timed.js'
import { openWorkerBenchStage, type BenchWorker, type WorkerBenchStage } from '../worker-bench-stage.js'

const minutes: Record<RunLength, number> = { short: 1, full: 10, soak: 10 }
/** A pause after the first turn, because Node and the CLI still work for a while, as on garbage collection. */
const settleMs = 20_000

/** Processor time of an idle worker, its daemon and its CLI, and how soon it begins a turn for the next message. */
export async function idleWorkerCost(length: RunLength): Promise<Figure[]> {
  const stage = await openWorkerBenchStage()
  const worker = await stage.start('warm')
  const bare = openBareClaude(stage)
  await Promise.all([stage.ask(worker), bare.turn()])
  await delay(settleMs)
  const before = usedSoFar(stage, worker)
  await delay(minutes[length] * 60_000)
  const after = usedSoFar(stage, worker)
  const { begun, replied } = await stage.ask(worker)
  const request = await millisecondsOf(stage.request)
  await bare.close()
  await worker.end()
  await stage.close()
  const name = 'idle claude worker'
  const cpu = (who: keyof Used): number => (after[who] - before[who]) / minutes[length]
  const spent = { unit: 'ms', n: 1, note: `a minute, of ${minutes[length]}` } as const
  const floor = { name: 'a request to the daemon', value: request }
  const woken = { unit: 'ms', n: 1, floor, note: `after ${minutes[length]} min` } as const
  return [
    { ...spent, name: `${name}: its CPU`, ours: cpu('worker'), limit: { type: 'amount', most: 20 } },
    { ...spent, name: `${name}: its daemon's CPU`, ours: cpu('daemon') },
    {
      ...spent,
      name: `${name}: its CLI's CPU`,
      ours: cpu('cli'),
      floor: { name: 'a bare one', value: cpu('bare') },
    },
    { ...woken, name: `${name}: message → turn begins`, ours: begun, limit: { type: 'amount', most: 5 } },
    { ...woken, name: `${name}: message → reply`, ours: replied },
  ]
}

/** Processor time used so far, in milliseconds. */
type Used = { worker: number; daemon: number; cli: number; bare: number }

function usedSoFar({ daemon, host }: WorkerBenchStage, worker: BenchWorker): Used {
  const sum = (processes: readonly { cpuMs: number }[]): number =>
    processes.reduce((all, { cpuMs }) => all + cpuMs, 0)
  return {
    worker: sum(readProcess(worker.pid)),
    daemon: sum(readProcess(daemon.pid)),
    cli: sum(processesBelow(daemon.pid)),
    bare: sum(processesBelow(process.pid, [host.pid, worker.pid])),
  }
}

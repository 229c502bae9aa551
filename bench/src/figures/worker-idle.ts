import { setTimeout as delay } from 'node:timers/promises'
import { openBareClaude } from '../bare-claude.js'
import { openBenchStage } from '../bench-stage.js'
import type { Figure, RunLength } from '../figure.js'
import { processesBelow, processorMs } from '../process-tree.js'
import { openWorkerBenchStage } from '../worker-bench-stage.js'

const minutes: Record<RunLength, number> = { short: 1, full: 10, soak: 10 }
const workers = Array.from({ length: 10 }, (_, number) => `idle-${number}`)
/** A pause after the last turn: a daemon's garbage is collected up to a minute and a half later, which takes 0.2 to 0.3 s once. */
const settleMs = 120_000

/**
 * Processor time of ten idle workers that the daemon keeps, each with a warm CLI: that of their daemon without what a daemon without
 * workers uses in the same minutes, and that of the CLIs. Then the time to the reply of one of them.
 */
export async function idleWorkerCost(length: RunLength): Promise<Figure[]> {
  const [stage, empty] = [await openWorkerBenchStage(), await openBenchStage()]
  for (const name of workers) {
    await stage.keep(name)
    await stage.ask(name)
  }
  const bare = openBareClaude(empty)
  await bare.turn()
  await delay(settleMs)
  const usedSoFar = (): Used => ({
    daemon: processorMs(stage.daemon.pid),
    emptyDaemon: processorMs(empty.daemon.pid),
    clis: sum(processesBelow(stage.daemon.pid)),
    bare: sum(processesBelow(process.pid, [stage.host.pid, empty.host.pid])),
  })
  const before = usedSoFar()
  await delay(minutes[length] * 60_000)
  const after = usedSoFar()
  const { replied } = await stage.ask('idle-0')
  await bare.close()
  await empty.close()
  await stage.close()
  const cpu = (who: keyof Used): number => (after[who] - before[who]) / minutes[length]
  const spent = { unit: 'ms', n: 1, note: `a minute, of ${minutes[length]}` } as const
  return [
    {
      ...spent,
      name: `ten idle claude workers: their part of the daemon's CPU`,
      ours: cpu('daemon') - cpu('emptyDaemon'),
      floor: { name: 'a daemon without workers', value: cpu('emptyDaemon') },
      limit: { type: 'amount', most: 20 },
    },
    {
      ...spent,
      name: 'ten idle claude workers: CPU of each CLI, with its server',
      ours: cpu('clis') / workers.length,
      floor: { name: 'a bare one', value: cpu('bare') },
    },
    {
      ...{ unit: 'ms', n: 1, note: `after ${minutes[length]} min` },
      name: 'idle claude worker: message → reply',
      ours: replied,
    },
  ]
}

/** Processor time used so far, in milliseconds. */
type Used = { daemon: number; emptyDaemon: number; clis: number; bare: number }

function sum(processes: readonly { cpuMs: number }[]): number {
  return processes.reduce((all, { cpuMs }) => all + cpuMs, 0)
}

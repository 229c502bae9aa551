import { quickResidentMegabytes, processesBelow, readProcess } from './process-tree.js'

/** The cost of some work: elapsed milliseconds, milliseconds of processor time, and the most memory held at a time. */
export type Cost = { wallMs: number; cpuMs: number; peakMegabytes: number }

/**
 * The processes whose cost is counted: those in `ours`, and all descendants of `parent` but the children in `except`.
 */
export type MeasuredProcesses = { ours: readonly number[]; parent: number; except: readonly number[] }

/** Milliseconds between two measurements of the memory. */
const sampleMs = 100

/** Runs `work` and returns its cost. Memory is that of the descendants of `parent` alone. */
export async function measureCost(processes: MeasuredProcesses, work: () => Promise<unknown>): Promise<Cost> {
  const { parent, except } = processes
  let peakMegabytes = 0
  const sample = (): void => {
    const pids = processesBelow(parent, except).map(({ pid }) => pid)
    peakMegabytes = Math.max(peakMegabytes, quickResidentMegabytes(pids))
  }
  const timer = setInterval(sample, sampleMs)
  const [startedAt, cpuBefore] = [performance.now(), cpuOf(processes)]
  await work()
  const [wallMs, cpuMs] = [performance.now() - startedAt, cpuOf(processes) - cpuBefore]
  clearInterval(timer)
  sample()
  return { wallMs, cpuMs, peakMegabytes }
}

/** Processor time of the processes so far. The system adds that of an exited child to its parent. */
function cpuOf({ ours, parent, except }: MeasuredProcesses): number {
  const own = ours.flatMap(readProcess).map(({ cpuMs }) => cpuMs)
  const ended = readProcess(parent).map(({ endedChildrenMs }) => endedChildrenMs)
  const living = processesBelow(parent, except).map(({ cpuMs, endedChildrenMs }) => cpuMs + endedChildrenMs)
  return [...own, ...ended, ...living].reduce((sum, each) => sum + each, 0)
}

import { megabytesOf, processesBelow, readProcess } from './process-tree.js'

/** What some work cost: milliseconds on the clock and of processors, and the most memory that was held at once. */
export type Cost = { wallMs: number; cpuMs: number; peakMegabytes: number }

/** Whose cost is counted: processes of ours, and all that is below `parent`, some of its children excepted. */
export type MeasuredProcesses = { ours: readonly number[]; parent: number; except: readonly number[] }

/** How often memory is looked at. */
const sampleMs = 100

/** Runs something and tells what it cost. The memory is that of the processes below `parent` alone. */
export async function measureCost(payers: MeasuredProcesses, act: () => Promise<unknown>): Promise<Cost> {
  const { parent, except } = payers
  let peakMegabytes = 0
  const sample = (): void => {
    const pids = processesBelow(parent, except).map(({ pid }) => pid)
    peakMegabytes = Math.max(peakMegabytes, megabytesOf(pids))
  }
  const timer = setInterval(sample, sampleMs)
  const [startedAt, cpuBefore] = [performance.now(), cpuOf(payers)]
  await act()
  const [wallMs, cpuMs] = [performance.now() - startedAt, cpuOf(payers) - cpuBefore]
  clearInterval(timer)
  sample()
  return { wallMs, cpuMs, peakMegabytes }
}

/** A child that has ended is in the account of its parent. */
function cpuOf({ ours, parent, except }: MeasuredProcesses): number {
  const own = ours.flatMap(readProcess).map(({ cpuMs }) => cpuMs)
  const ended = readProcess(parent).map(({ endedChildrenMs }) => endedChildrenMs)
  const living = processesBelow(parent, except).map(({ cpuMs, endedChildrenMs }) => cpuMs + endedChildrenMs)
  return [...own, ...ended, ...living].reduce((sum, each) => sum + each, 0)
}

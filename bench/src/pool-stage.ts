import { defineAgent } from '@subagent-mcp/testkit'
import { openBenchStage, type BenchStage } from './bench-stage.js'
import type { MeasuredProcesses } from './measure-cost.js'

/** A benchmark fixture with two agents whose processes a pool keeps. */
export type PoolStage = BenchStage & {
  /** Runs a task on an agent. Throws when it does not answer. */
  invoke(agent: string, task?: string): Promise<void>
  /** Ends all processes of an agent. */
  reset(agent: string): Promise<void>
  /** The processes of our product: the shim, the daemon, and the daemon's descendants. */
  ours: MeasuredProcesses
  /** The bare CLI's processes: all descendants of this process, without the shim. */
  bare: MeasuredProcesses
}

/** Limits that no process reaches, so that one process is measured and never replaced. */
const kept = { recycleAfterTasks: 1_000_000, recycleAfterMinutes: 10_000, recycleAboveMegabytes: 100_000 }

/**
 * Opens a stage with two Claude agents: processes of `kept` are never recycled, those of `recycled` by the defaults.
 */
export async function openPoolStage(): Promise<PoolStage> {
  const stage = await openBenchStage()
  const { host, daemon, home } = stage
  const agent = { provider: 'claude', body: 'You do small tasks, and nothing else.' }
  defineAgent(home.cwd, { ...agent, name: 'kept', pool: { max: parallelTaskCount, ...kept } })
  defineAgent(home.cwd, { ...agent, name: 'recycled', pool: { max: parallelTaskCount } })
  const call = async (tool: string, input: object): Promise<void> => {
    const { text, isError } = await host.call(tool, input)
    if (isError) throw new Error(text)
  }
  return {
    ...stage,
    invoke: (agent, task = '[[say: ok]]') => call('invoke', { agent, task }),
    reset: (agent) => call('reset', { agent }),
    ours: { ours: [host.pid, daemon.pid], parent: daemon.pid, except: [] },
    bare: { ours: [], parent: process.pid, except: [host.pid] },
  }
}

/** The number of tasks that run in parallel, for our product and for the bare CLI. */
export const parallelTaskCount = 4

/** Calls `act` `count` times, `parallelTasks` calls in parallel. */
export async function callInParallel(count: number, act: () => Promise<unknown>): Promise<void> {
  let left = count
  const runSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await act()
    }
  }
  await Promise.all(Array.from({ length: parallelTaskCount }, runSome))
}

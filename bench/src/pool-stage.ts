import { defineAgent } from '@subagent-mcp/testkit'
import { openStage, type BenchStage } from './bench-stage.js'
import type { MeasuredProcesses } from './measure-cost.js'

/** A stage with agents that a pool keeps warm. */
export type PoolStage = BenchStage & {
  /** Has an agent do a task. Throws when it does not answer. */
  invoke(agent: string, task?: string): Promise<void>
  /** Ends all processes of an agent. */
  reset(agent: string): Promise<void>
  /** What tasks of ours cost: the provider's processes, the daemon and the shim. */
  ours: MeasuredProcesses
  /** What the bare CLI costs: what this process has started, but the shim. */
  bare: MeasuredProcesses
}

/** Never given up for a new one: what is measured is the process, and not its successor. */
const kept = { recycleAfterTasks: 1_000_000, recycleAfterMinutes: 10_000, recycleAboveMegabytes: 100_000 }

/** With two agents on claude: `kept` has processes that are never recycled, `recycled` those of the defaults. */
export async function openPoolStage(): Promise<PoolStage> {
  const stage = await openStage()
  const { host, daemon, home } = stage
  const agent = { provider: 'claude', body: 'You do small tasks, and nothing else.' }
  defineAgent(home.cwd, { ...agent, name: 'kept', pool: { max: atOnce, ...kept } })
  defineAgent(home.cwd, { ...agent, name: 'recycled', pool: { max: atOnce } })
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

/** How many tasks run side by side, where they do: ours and the bare CLI's alike. */
export const atOnce = 4

/** Does something so many times, `atOnce` of them at a time. */
export async function sideBySide(count: number, act: () => Promise<unknown>): Promise<void> {
  let left = count
  const some = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await act()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, some))
}

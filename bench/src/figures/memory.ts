import { pinnedClaude } from '@subagent-mcp/e2e/mcp-host'
import { openBenchStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'
import { idleNodeMegabytes } from '../idle-node.js'
import { launchAgents } from '../launch-agents.js'
import { residentMegabytes } from '../resident-memory.js'

const rounds = 5

/** Memory of a shim, and of the daemon with 0, 1 and 5 agents that have finished a turn. Floor: an idle Node. */
export async function shimMemory(): Promise<Figure[]> {
  const [idle, shim]: [number[], number[]] = [[], []]
  const daemon = new Map(agents.map((count) => [count, Array<number>()]))
  for (let round = 0; round < rounds; round += 1) {
    idle.push(await idleNodeMegabytes())
    const stage = await openBenchStage()
    let launched = 0
    for (const count of agents) {
      if (count > launched) await launchAgents(stage, pinnedClaude, count - launched)
      launched = count
      daemon.get(count)?.push(await residentMegabytes([stage.daemon.pid]))
    }
    shim.push(await residentMegabytes([stage.host.pid]))
    await stage.close()
  }
  const floor = { name: 'idle node', value: quantile(idle) }
  const figure = { unit: 'MB', n: rounds, floor } as const
  return [
    { ...figure, name: 'memory of a shim', ours: quantile(shim), limit: { type: 'ratio', most: 1.1 } },
    ...[...daemon].map(([count, megabytes]) => ({
      ...figure,
      name: `memory of the daemon, ${count} agents`,
      ours: quantile(megabytes),
    })),
  ]
}

const agents = [0, 1, 5]

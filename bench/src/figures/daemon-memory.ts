import { idleNodeMegabytes } from '../idle-node.js'
import type { Figure } from '../figure.js'
import { startSimulatedDaemon } from '../simulation.js'

/** Memory of a daemon with 0, 100 and 1,000 agents that have finished a turn. Floor: an idle Node. */
export async function daemonMemory(): Promise<Figure[]> {
  const floor = { name: 'idle node', value: await idleNodeMegabytes() }
  const { launch, settled, state, close } = await startSimulatedDaemon()
  const figures: Figure[] = []
  const { resident: empty } = await state()
  let launched = 0
  for (const agents of [0, 100, 1_000]) {
    const agentIds = await launch(Array.from({ length: agents - launched }, () => 'say something'))
    if (agentIds.length > 0) await settled(agentIds)
    launched = agents
    const { resident } = await state()
    const each = Math.round(((resident - empty) * 1024) / agents)
    figures.push({
      name: `memory of a daemon, ${agents} simulated agents`,
      unit: 'MB',
      n: 1,
      ours: resident,
      floor,
      ...(agents > 0 && { note: `${each} kB an agent` }),
    })
  }
  await close()
  return figures
}

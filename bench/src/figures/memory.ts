import { pinnedClaude } from '@subagent-mcp/e2e/play-host'
import { execa } from 'execa'
import { openStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'
import { residentMegabytes } from '../resident-memory.js'

const samples = 5

/** What the server itself keeps in memory with 0, 1 and 5 finished, living agents, against an idle node. */
export async function memory(): Promise<Figure[]> {
  const floor = await idleNode()
  const stage = await openStage()
  const figures: Figure[] = []
  let launched = 0
  for (const agents of [0, 1, 5]) {
    for (; launched < agents; launched += 1) {
      await stage.host.call('launch_agent', {
        prompt: '[[say: here]]',
        task_category: 'mechanical',
        ...pinnedClaude,
      })
    }
    await stage.host.call('wait', { until: 'all' })
    figures.push({
      name: `memory of the server, ${agents} agents`,
      unit: 'MB',
      n: samples,
      ours: await sampled(stage.host.pid),
      floor: { name: 'idle node', value: floor },
    })
  }
  await stage.close()
  return figures
}

async function idleNode(): Promise<number> {
  const idle = execa(process.execPath, ['-e', 'setInterval(() => {}, 1e9); console.log(1)'], {
    reject: false,
  })
  await new Promise((resolve) => idle.stdout.once('data', resolve))
  const megabytes = await sampled(idle.pid ?? 0)
  idle.kill()
  await idle
  return megabytes
}

async function sampled(pid: number): Promise<number> {
  const seen: number[] = []
  for (let sample = 0; sample < samples; sample += 1) seen.push(await residentMegabytes([pid]))
  return quantile(seen)
}

import { execa } from 'execa'
import { openStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'

const samples = 5

/** What the server itself keeps in memory with 0, 1 and 5 finished, living agents, against an idle node. */
export async function memory(): Promise<Figure[]> {
  const floor = await idleNode()
  const stage = await openStage()
  const figures: Figure[] = []
  let launched = 0
  for (const agents of [0, 1, 5]) {
    for (; launched < agents; launched += 1) {
      await stage.host.call('launch_agent', { prompt: '[[say: here]]', task_category: 'mechanical' })
    }
    await stage.host.call('wait', { until: 'all' })
    figures.push({
      name: `memory of the server, ${agents} agents`,
      unit: 'MB',
      n: samples,
      ours: await residentMegabytes(stage.host.pid),
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
  const megabytes = await residentMegabytes(idle.pid ?? 0)
  idle.kill()
  await idle
  return megabytes
}

async function residentMegabytes(pid: number): Promise<number> {
  const seen: number[] = []
  for (let sample = 0; sample < samples; sample += 1) {
    const { stdout } = await execa('ps', ['-o', 'rss=', '-p', String(pid)])
    seen.push(Number(stdout) / 1024)
  }
  return quantile(seen)
}

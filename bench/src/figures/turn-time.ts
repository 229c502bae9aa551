import { pinnedClaude } from '@subagent-mcp/e2e/mcp-host'
import { openBareClaude, type BareClaude } from '../bare-claude.js'
import { openBenchStage, type BenchStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'
import { millisecondsOf } from '../timed.js'

const coldRounds = 20
const warmRounds = 100

/** Time of a launch and of a follow-up of Claude until the answer. Floor: the bare CLI. */
export async function turnTime(): Promise<Figure[]> {
  const stage = await openBenchStage()
  const times = {
    bareCold: Array<number>(),
    cold: Array<number>(),
    bareWarm: Array<number>(),
    warm: Array<number>(),
  }
  for (let round = 0; round < coldRounds; round += 1) {
    const start = performance.now()
    const bare = openBareClaude(stage)
    await bare.turn()
    times.bareCold.push(performance.now() - start)
    await bare.close()
    times.cold.push(await coldTurn(stage))
  }
  await warmTurns(stage, times)
  await stage.close()
  return [
    {
      name: 'claude: launch → finished',
      unit: 'ms',
      n: coldRounds,
      ours: quantile(times.cold),
      floor: { name: 'bare CLI', value: quantile(times.bareCold) },
      limit: { type: 'ratio', most: 1.1 },
    },
    {
      name: 'claude: follow-up → finished',
      unit: 'ms',
      n: warmRounds,
      ours: quantile(times.warm),
      floor: { name: 'bare warm turn', value: quantile(times.bareWarm) },
      limit: { type: 'amount', most: quantile(times.bareWarm) + 5 },
    },
  ]
}

async function coldTurn({ host }: BenchStage): Promise<number> {
  const start = performance.now()
  const { agents } = await host.call('launch_agent', {
    prompt: '[[say: ok]]',
    task_category: 'mechanical',
    ...pinnedClaude,
  })
  await host.call('wait')
  const time = performance.now() - start
  await host.call('kill_agent', { agent_id: agents[0]?.id })
  return time
}

/** Measures our product and the bare CLI alternately, so that they share the state of the machine. */
async function warmTurns(stage: BenchStage, times: { bareWarm: number[]; warm: number[] }): Promise<void> {
  const bare: BareClaude = openBareClaude(stage)
  await bare.turn()
  const { agents } = await stage.host.call('launch_agent', {
    prompt: '[[say: ok]]',
    task_category: 'mechanical',
    ...pinnedClaude,
  })
  await stage.host.call('wait')
  for (let round = 0; round < warmRounds; round += 1) {
    times.bareWarm.push(await millisecondsOf(() => bare.turn()))
    times.warm.push(
      await millisecondsOf(async () => {
        await stage.host.call('send_message', { agent_id: agents[0]?.id, message: '[[say: ok]]' })
        await stage.host.call('wait')
      }),
    )
  }
  await bare.close()
}

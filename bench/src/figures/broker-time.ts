import { claudePath } from '@subagent-mcp/e2e/cli-paths'
import { pinnedClaude } from '@subagent-mcp/e2e/mcp-host'
import { openBenchStage, type BenchStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'
import { millisecondsOf } from '../timed.js'

const rounds = 20
const calls = 10

/** Time of a tool call for which Claude asks and which a rule allows. Floor: a call for which it does not ask. */
export async function brokerTime(): Promise<Figure[]> {
  const stage = await openBenchStage(claudePath, {
    ceiling: 'full-auto',
    permissions: { allow: ['Bash(touch:*)'] },
  })
  const asked = await launched(stage, 'ask')
  const unasked = await launched(stage, 'full-auto')
  const times = { asked: Array<number>(), unasked: Array<number>() }
  for (let round = 0; round < rounds; round += 1) {
    times.unasked.push((await millisecondsOf(() => touch(stage, unasked))) / calls)
    times.asked.push((await millisecondsOf(() => touch(stage, asked))) / calls)
  }
  await stage.close()
  return [
    {
      name: 'claude: a tool call that a rule allows',
      unit: 'ms',
      n: rounds * calls,
      ours: quantile(times.asked),
      floor: { name: 'a call for which it does not ask', value: quantile(times.unasked) },
      limit: { type: 'amount', most: quantile(times.unasked) + 5 },
    },
  ]
}

async function launched({ host }: BenchStage, permissions: string): Promise<string> {
  const options = { prompt: '[[say: ok]]', task_category: 'mechanical', permissions, ...pinnedClaude }
  const { agents, text } = await host.call('launch_agent', options)
  const [agent] = agents
  if (!agent) throw new Error(text)
  await host.call('wait', { agent_ids: [agent.id] })
  return agent.id
}

async function touch({ host }: BenchStage, id: string): Promise<void> {
  const steps = Array.from({ length: calls }, () => '[[tool: Bash {"command":"touch made"}]]')
  await host.call('send_message', { agent_id: id, message: `${steps.join(' ')} [[say: ok]]` })
  await host.call('wait', { agent_ids: [id] })
}

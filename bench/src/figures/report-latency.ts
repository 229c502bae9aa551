import { pinnedClaude } from '@subagent-mcp/e2e/mcp-host'
import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openBenchStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'
import { openBareRelay } from '../open-bare-relay.js'

const rounds = 300

/**
 * Time from the moment at which the CLI writes its result line to the answer of a `wait` that was blocking. Floor: the same line
 * through as many processes that only copy it.
 */
export async function reportLatency(): Promise<Figure[]> {
  const stamping = fileURLToPath(new URL('../stamping-claude.js', import.meta.url))
  chmodSync(stamping, 0o755)
  const { host, close } = await openBenchStage(stamping)
  const { agents } = await host.call('launch_agent', {
    prompt: 'start',
    task_category: 'mechanical',
    ...pinnedClaude,
  })
  await host.call('wait')
  const relay = await openBareRelay(stamping)
  const [times, floor]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    await host.call('send_message', { agent_id: agents[0]?.id, message: 'again' })
    const { text } = await host.call('wait')
    times.push(millisecondsSince(text))
    floor.push(millisecondsSince(await relay.ask({ type: 'user' }, 'stamp ')))
  }
  await relay.close()
  await close()
  const figure = { unit: 'ms', n: rounds } as const
  return [
    {
      ...figure,
      name: 'result line → wait answered, p50',
      ours: quantile(times),
      floor: { name: 'copied only', value: quantile(floor) },
      limit: { type: 'amount', most: 2 },
    },
    {
      ...figure,
      name: 'result line → wait answered, p99',
      ours: quantile(times, 0.99),
      floor: { name: 'copied only', value: quantile(floor, 0.99) },
      limit: { type: 'amount', most: 10 },
    },
  ]
}

/** Returns the milliseconds since the time in the CLI's result. */
function millisecondsSince(text: string): number {
  const [, stamp = ''] = /stamp (\d+)/.exec(text) ?? []
  return Number(process.hrtime.bigint() - BigInt(stamp)) / 1e6
}

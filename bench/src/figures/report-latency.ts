import { pinnedClaude, serverScript } from '@subagent-mcp/e2e/mcp-host'
import { execa } from 'execa'
import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openBenchStage, type BenchStage } from '../bench-stage.js'
import { quantile, type Figure } from '../figure.js'
import { askByLines, openBareRelay } from '../open-bare-relay.js'
import { initializeParams } from '../socket-host.js'

const rounds = 300

/**
 * Time from the moment at which the CLI writes its result line to the arrival of the answer of a `wait` that was blocking, at the
 * process that the host has started. Floor: the same line through as many processes that only copy it.
 */
export async function reportLatency(): Promise<Figure[]> {
  const stamping = fileURLToPath(new URL('../stamping-claude.js', import.meta.url))
  chmodSync(stamping, 0o755)
  const { close, ...stage } = await openBenchStage(stamping)
  const lines = openLineHost(stage)
  await lines.ask('initialize', initializeParams)
  const call = (name: string, input: object): Promise<string> =>
    lines.ask('tools/call', { name, arguments: input })
  await call('launch_agent', { name: 'stamp', prompt: 'start', task_category: 'mechanical', ...pinnedClaude })
  await call('wait', {})
  const relay = await openBareRelay(stamping)
  const [times, floor]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    await call('send_message', { agent_id: 'stamp', message: 'again' })
    times.push(millisecondsSince(await call('wait', {})))
    floor.push(millisecondsSince(await relay.ask({ type: 'user' }, 'stamp ')))
  }
  await Promise.all([relay.close(), lines.close()])
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

/** A host that reads the answers of its shim as lines, because the time in which a host parses them is not ours. */
type LineHost = {
  /** Sends a request and returns the line of its answer. */
  ask(method: string, params: object): Promise<string>
  close(): Promise<unknown>
}

function openLineHost({ home, environment }: Pick<BenchStage, 'home' | 'environment'>): LineHost {
  const shim = execa(process.execPath, [serverScript, 'serve'], {
    ...{ cwd: home.cwd, env: environment, extendEnv: false },
    buffer: false,
  })
  const ask = askByLines(shim)
  let id = 0
  return {
    ask: (method, params) => {
      id += 1
      return ask({ jsonrpc: '2.0', id, method, params }, `"id":${id}`)
    },
    close: () => {
      shim.stdin.end()
      return shim
    },
  }
}

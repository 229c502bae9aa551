import { execa } from 'execa'
import { createInterface } from 'node:readline'
import { serverScript } from '@subagent-mcp/e2e/play-host'
import { quantile, type Figure } from '../figure.js'

const rounds = 25

/** What a host waits for: from the spawn of `serve` to the answer to `tools/list`, against a node that does nothing. */
export async function startUp(): Promise<Figure[]> {
  const [floor, ours]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await emptyNode())
    ours.push(await untilTools())
  }
  return [
    {
      name: 'spawn of serve → tools/list',
      unit: 'ms',
      n: rounds,
      ours: quantile(ours),
      floor: { name: 'node -e 0', value: quantile(floor) },
      limit: { type: 'ratio', most: 8 },
    },
  ]
}

async function emptyNode(): Promise<number> {
  const start = performance.now()
  await execa(process.execPath, ['-e', '0'], { stdio: 'ignore' })
  return performance.now() - start
}

const opening = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
]

async function untilTools(): Promise<number> {
  const start = performance.now()
  const server = execa(process.execPath, [serverScript, 'serve'], { stderr: 'ignore' })
  server.stdin.write(opening.map((message) => `${JSON.stringify(message)}\n`).join(''))
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('"launch_agent"')) break
  }
  const time = performance.now() - start
  server.stdin.end()
  await server
  return time
}

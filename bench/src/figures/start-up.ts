import { serverScript } from '@subagent-mcp/e2e/mcp-host'
import { temporaryHome, type TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { createInterface } from 'node:readline'
import { quantile, type Figure } from '../figure.js'
import { findHomeDaemon } from '../home-daemon.js'
import { initializeParams } from '../socket-host.js'
import { millisecondsOf } from '../timed.js'

const rounds = 25

/**
 * Time from the start of `serve` to its answer to `tools/list`: with a running daemon, with a daemon that must be
 * started, and in-process. Floor: a Node that does nothing.
 */
export async function serverStartTime(): Promise<Figure[]> {
  const times = {
    floor: Array<number>(),
    up: Array<number>(),
    first: Array<number>(),
    alone: Array<number>(),
  }
  const [served, fresh] = [temporaryHome(nowhere), temporaryHome(nowhere)]
  await untilTools(served, ['serve'])
  const daemon = await findHomeDaemon(served.home)
  for (let round = 0; round < rounds; round += 1) {
    times.floor.push(await millisecondsOf(() => execa(process.execPath, ['-e', '0'], { stdio: 'ignore' })))
    times.up.push(await untilTools(served, ['serve']))
    times.first.push(await untilTools(fresh, ['serve']))
    await (await findHomeDaemon(fresh.home)).stop()
    times.alone.push(await untilTools(fresh, ['serve', '--in-process']))
  }
  await daemon.stop()
  for (const home of [served, fresh]) home.remove()
  const figure = (name: string, ours: readonly number[], most: number): Figure => ({
    name: `spawn of ${name} → tools/list`,
    unit: 'ms',
    n: rounds,
    ours: quantile(ours),
    floor: { name: 'node -e 0', value: quantile(times.floor) },
    limit: { type: 'ratio', most },
  })
  return [
    figure('serve', times.up, 1.3),
    figure('serve, starts the daemon', times.first, 8),
    figure('serve --in-process', times.alone, 8),
  ]
}

/** An address at which no model server listens, because no model is asked. */
export const nowhere = { modelUrl: 'http://127.0.0.1:9' }

const opening = [
  { jsonrpc: '2.0', id: 1, method: 'initialize', params: initializeParams },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list' },
]

/** Starts `subagent-mcp` with these arguments as a host does. Returns the milliseconds until it has listed its tools. */
export async function untilTools(
  { cwd, environment }: TemporaryHome,
  args: readonly string[],
): Promise<number> {
  const start = performance.now()
  const server = execa(process.execPath, [serverScript, ...args], {
    cwd,
    env: environment,
    extendEnv: false,
    stderr: 'ignore',
  })
  server.stdin.write(opening.map((message) => `${JSON.stringify(message)}\n`).join(''))
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('"launch_agent"')) break
  }
  const time = performance.now() - start
  server.stdin.end()
  await server
  return time
}

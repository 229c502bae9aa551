import { daemonSockets } from '@subagent-mcp/e2e/home-daemons'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { openBenchStage } from '../bench-stage.js'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { residentMegabytes } from '../resident-memory.js'
import { initializeParams, openSocketHost } from '../socket-host.js'

const asked = 20_000
const rounds: Record<RunLength, number> = { short: 1, full: 5, soak: 20 }

/** Cost of a client that sends requests and reads no answer: latency for another client, and memory of the daemon. */
export async function unreadAnswerCost(length: RunLength): Promise<Figure[]> {
  const stage = await openBenchStage()
  const [socketPath = ''] = daemonSockets(stage.home.home)
  const place = { socketPath, cwd: stage.home.cwd }
  const host = await openSocketHost(place)
  const ask = (): Promise<number> => longestOf(200, () => host.call('list_agents', {}))
  await ask()
  const idle = await ask()
  const before = await residentMegabytes([stage.daemon.pid])
  const results = { asking: Array<number>(), leaving: Array<number>(), memory: Array<number>() }
  for (let round = 0; round < rounds[length]; round += 1) {
    const silent = await openSilent(place)
    results.asking.push(await ask())
    results.memory.push((await residentMegabytes([stage.daemon.pid])) - before)
    silent.destroy()
    results.leaving.push(await ask())
  }
  host.close()
  await stage.close()
  const figure = (name: string, ours: readonly number[]): Figure => ({
    name: `${asked} unread answers: longest call of another client, ${name}`,
    unit: 'ms',
    n: ours.length,
    ours: quantile(ours),
    floor: { name: 'without them', value: idle },
    limit: { type: 'amount', most: 100 },
    note: `most ${Math.max(...ours).toFixed(0)} ms`,
  })
  return [
    figure('while it asks', results.asking),
    figure('when it leaves', results.leaving),
    {
      name: `${asked} unread answers: memory of the daemon gained`,
      unit: 'MB',
      n: results.memory.length,
      ours: Math.max(...results.memory),
      limit: { type: 'amount', most: 64 },
    },
  ]
}

async function openSilent({ socketPath, cwd }: { socketPath: string; cwd: string }): Promise<Socket> {
  const socket = connect(socketPath)
  await once(socket, 'connect')
  socket.on('error', () => undefined).pause()
  const say = (line: object): void => void socket.write(`${JSON.stringify(line)}\n`)
  say({ subagentMcp: 1, cwd, environment: {}, pid: process.pid, version: '0.0.0' })
  say({ jsonrpc: '2.0', id: 0, method: 'initialize', params: initializeParams })
  for (let id = 1; id <= asked; id += 1) say({ jsonrpc: '2.0', id, method: 'tools/list' })
  return socket
}

async function longestOf(count: number, act: () => Promise<unknown>): Promise<number> {
  let longest = 0
  for (let done = 0; done < count; done += 1) {
    const begun = performance.now()
    await act()
    longest = Math.max(longest, performance.now() - begun)
    await delay(2)
  }
  return longest
}

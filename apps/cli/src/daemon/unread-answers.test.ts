import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { useCliHouse } from '../cli-house.test.support.js'
import { daemonPid, opening, oursIn, serve } from './cli-daemon.test.support.js'

const theHouse = useCliHouse()

/** As many as the promise says. */
const unread = 20_000
const mostMegabytes = 64

describe.runIf(process.platform === 'linux')('a client that asks and does not read', () => {
  test('costs little, and keeps nobody waiting, neither while it asks nor when it leaves', async () => {
    const { child, answers } = await serve(theHouse())
    // What is no message is answered through the shim as well.
    child.stdin.write(
      `[]\n{"jsonrpc":"2.0","id":1.5,"method":"ping"}\n[{"jsonrpc":"2.0","id":7,"method":"ping"}]\n`,
    )
    await expect
      .poll(() => [null, 1.5, 7].map((id) => answers.get(id)?.includes('-32600')))
      .toEqual([true, true, true])
    const pid = await daemonPid(theHouse())
    const other = await openHost()
    const ping = pinger(other)
    await pings(ping, 50)
    const [idle, before] = [await pings(ping, 100), megabytes(pid)]

    const silent = await openHost()
    silent.pause()
    for (let id = 10; id < unread + 10; id += 1)
      silent.write(`{"jsonrpc":"2.0","id":${id},"method":"tools/list"}\n`)
    const asked = await pings(ping, 100)
    // The daemon has stopped reading: the most of it is still here.
    expect(silent.writableLength).toBeGreaterThan(unread * 20)
    expect(megabytes(pid) - before).toBeLessThan(mostMegabytes)

    silent.destroy()
    const left = await pings(ping, 100)
    const most = Math.max(100, 20 * idle)
    expect([asked < most, left < most], `idle ${idle} ms, asked ${asked} ms, left ${left} ms`).toEqual([
      true,
      true,
    ])
    other.destroy()
  })
})

/** A host on the daemon's socket itself that has initialized MCP. */
async function openHost(): Promise<Socket> {
  const socket = connect(oursIn(theHouse(), 'run', 'daemon-0.0.0.sock'))
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  const hello = { subagentMcp: 1, cwd: '/', environment: {}, pid: process.pid, version: '0.0.0' }
  const [initialize = ''] = opening.split('\n')
  socket.write(`${JSON.stringify(hello)}\n${initialize}\n`)
  await once(socket, 'readable')
  socket.read()
  return socket
}

/** Milliseconds until a ping is answered. */
function pinger(socket: Socket): () => Promise<number> {
  const lines = createInterface({ input: socket })
  let id = 10
  return async () => {
    const begun = performance.now()
    id += 1
    socket.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`)
    await once(lines, 'line')
    return performance.now() - begun
  }
}

/** The longest of many. */
async function pings(ping: () => Promise<number>, count: number): Promise<number> {
  let longest = 0
  for (let done = 0; done < count; done += 1) {
    longest = Math.max(longest, await ping())
    await delay(2)
  }
  return longest
}

function megabytes(pid = 0): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

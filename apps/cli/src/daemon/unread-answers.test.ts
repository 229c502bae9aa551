import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { useCliRuntime } from '../cli-runtime.test.support.js'
import { daemonPid, openingLines, oursIn, startMcp } from './cli-daemon.test.support.js'

const theRuntime = useCliRuntime()

/** The number of requests whose answers the client does not read. */
const unread = 20_000
const mostMegabytes = 64

/** Limit in milliseconds. A daemon that answers all requests, or searches them when the client leaves, takes over 10 s. */
const mostCpuMs = 1_500

describe.runIf(process.platform === 'linux')('a client that asks and does not read', () => {
  test('costs little memory and processor time, and others are answered while it asks and when it has left', async () => {
    const { child, answers } = await startMcp(theRuntime())
    // What is no message is answered through the shim as well.
    child.stdin.write(
      `[]\n{"jsonrpc":"2.0","id":1.5,"method":"ping"}\n[{"jsonrpc":"2.0","id":7,"method":"ping"}]\n`,
    )
    await expect
      .poll(() => [null, 1.5, 7].map((id) => answers.get(id)?.includes('-32600')))
      .toEqual([true, true, true])
    const pid = await daemonPid(theRuntime())
    const other = await openHost()
    const ping = pinger(other)
    const before = { memory: megabytes(pid), cpu: cpuMs(pid) }

    const silent = await openHost()
    silent.pause()
    for (let id = 10; id < unread + 10; id += 1)
      silent.write(`{"jsonrpc":"2.0","id":${id},"method":"tools/list"}\n`)
    await pings(ping, 100)
    // The daemon has stopped reading: most of what was asked is still here.
    expect(silent.writableLength).toBeGreaterThan(unread * 20)
    expect(megabytes(pid) - before.memory).toBeLessThan(mostMegabytes)

    silent.destroy()
    await pings(ping, 100)
    // Its own processor time, because the time of a ping depends on the load of the machine: `npm run bench` measures that.
    expect(cpuMs(pid) - before.cpu).toBeLessThan(mostCpuMs)
    other.destroy()
  })
})

/** Connects to the daemon's socket as a host, and initializes MCP. */
async function openHost(): Promise<Socket> {
  const socket = connect(oursIn(theRuntime(), 'run', 'daemon-0.0.0.sock'))
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  const hello = { subagentMcp: 1, cwd: '/', environment: {}, pid: process.pid, version: '0.0.0' }
  const [initialize = ''] = openingLines.split('\n')
  socket.write(`${JSON.stringify(hello)}\n${initialize}\n`)
  await once(socket, 'readable')
  socket.read()
  return socket
}

/** Returns a function that sends an MCP ping on a socket, and resolves when the answer arrives. */
function pinger(socket: Socket): () => Promise<void> {
  const lines = createInterface({ input: socket })
  let id = 10
  return async () => {
    id += 1
    socket.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`)
    await once(lines, 'line')
  }
}

async function pings(ping: () => Promise<void>, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    await ping()
    await delay(2)
  }
}

/** Returns the user and system time of a process in milliseconds. Linux counts it in hundredths of a second. */
function cpuMs(pid = 0): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function megabytes(pid = 0): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

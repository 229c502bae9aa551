import { thorough } from '@subagent-mcp/testkit'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { makeRunFolder, useShimHost, type RunningShim } from './shim-host.test.support.js'

const theHost = useShimHost()

/** One connection of the shim to a daemon of the test: the lines after its hello. */
type Connection = { socket: Socket; hello: string; lines: string[] }

let server: Server | undefined
let connections: Connection[]
let shim: RunningShim

beforeEach(() => {
  connections = []
  makeRunFolder(theHost())
})
afterEach(async () => {
  await stopServer()
})

/** A daemon of the test: takes connections, or closes each when it has read the hello. */
async function startServer(version = '0.0.0', takes = () => true): Promise<void> {
  rmSync(socketOf(version), { force: true })
  const started = createServer((socket) => {
    const connection: Connection = { socket, hello: '', lines: [] }
    let pieces: string[] = []
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = chunk.split('\n')
      const rest = lines.pop() ?? ''
      if (lines.length > 0) lines[0] = [...pieces, lines[0]].join('')
      pieces = lines.length > 0 ? [rest] : [...pieces, rest]
      for (const line of lines) {
        if (connection.hello !== '') connection.lines.push(line)
        else {
          connection.hello = line
          connections.push(connection)
          if (takes()) socket.write(`{"subagentMcp":1,"version":"${version}"}\n`)
          else socket.destroy()
        }
      }
    })
  })
  await new Promise<void>((resolve) => started.listen(socketOf(version), resolve))
  server = started
}

function socketOf(version: string): string {
  return theHost().socket.replace('0.0.0', version)
}

async function stopServer(): Promise<void> {
  const stopped = server
  server = undefined
  for (const { socket } of connections) socket.destroy()
  if (stopped) await new Promise((resolve) => stopped.close(resolve))
}

function request(id: string | number, method: string, params: object = {}): string {
  // As SDKs write it: the id is last.
  return `${JSON.stringify({ method, params, jsonrpc: '2.0', id })}\n`
}

function answer(id: string | number, result: object = {}): string {
  return `${JSON.stringify({ result, jsonrpc: '2.0', id })}\n`
}

const initialize = request(0, 'initialize', { protocolVersion: '2025-11-25' })
const initialized = '{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
const call = (id: string | number) => request(id, 'tools/call', { name: 'launch_agent' })

/** A host that has opened its session with a daemon of the test. */
async function openSession(): Promise<Connection> {
  await startServer()
  shim = theHost().start()
  shim.write(initialize)
  const connection = await connectionWith(1)
  connection.socket.write(answer(0))
  await expect.poll(shim.stdout).toBe(answer(0))
  shim.write(initialized)
  await expect.poll(() => connection.lines).toHaveLength(2)
  return connection
}

/** The newest connection, once the host has said so many lines over it. */
async function connectionWith(lines: number, count = 1): Promise<Connection> {
  await expect.poll(() => connections.length).toBeGreaterThanOrEqual(count)
  await expect.poll(() => connections.at(-1)?.lines.length).toBe(lines)
  const connection = connections.at(-1)
  if (!connection) throw new Error('there is none')
  return connection
}

const Told = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
})

/** What the host has been told since its handshake. */
function told(): z.infer<typeof Told>[] {
  const lines = shim.stdout().slice(answer(0).length).split('\n').slice(0, -1)
  return lines.filter((line) => line.endsWith('}')).map((line) => Told.parse(JSON.parse(line)))
}

const wasInterrupted = { code: -32603, message: expect.stringContaining('was not sent again') as string }

describe('a host whose daemon is gone', () => {
  test('gets the next one, which is told the same handshake by the same caller; twice', async () => {
    const first = await openSession()
    for (const round of [1, 2]) {
      await stopServer()
      await startServer()
      const next = await connectionWith(2 * 1, round + 1)
      expect(next.hello).toBe(first.hello)
      expect(next.lines).toEqual([initialize.trim(), initialized.trim()])
      next.socket.write(answer(0))
      shim.write(call(round))
      await expect.poll(() => next.lines.at(-1)).toBe(call(round).trim())
      next.socket.write(answer(round))
      await expect.poll(told).toHaveLength(round)
    }
    expect(told().map(({ id }) => id)).toEqual([1, 2])
  })

  test('is told of each call that was under way, and none of them is sent again', async () => {
    const first = await openSession()
    shim.write(call(1) + call('two') + call('d"3') + request(4, 'tools/list'))
    await expect.poll(() => first.lines).toHaveLength(6)
    first.socket.write(answer('two'))
    await expect.poll(told).toHaveLength(1)
    await stopServer()
    await expect
      .poll(told)
      .toMatchObject([{ id: 'two' }, { id: 1, error: wasInterrupted }, { id: 'd"3', error: wasInterrupted }])
    await startServer()
    // Nothing but an answer can come of a list.
    const next = await connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(request(4, 'tools/list').trim())
    next.socket.write(answer(0) + answer(4))
    await expect.poll(() => told().at(-1)).toEqual({ jsonrpc: '2.0', id: 4, result: {} })
    expect(told()).toHaveLength(4)
  })

  test('is not told of a call that it took back, and its late answers to the dead daemon go nowhere', async () => {
    const first = await openSession()
    const takeBack = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    shim.write(`${call(1)}${JSON.stringify(takeBack)}\n`)
    first.socket.write(request(7, 'elicitation/create') + request(8, 'elicitation/create'))
    await expect.poll(told).toHaveLength(2)
    shim.write(answer(8))
    await expect.poll(() => first.lines).toHaveLength(5)
    await stopServer()
    await expect.poll(told).toHaveLength(3)
    expect(told().at(-1)).toMatchObject({ method: 'notifications/cancelled', params: { requestId: 7 } })
    shim.write(answer(7) + call(2))
    await startServer()
    const next = await connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(call(2).trim())
  })

  test('that asks meanwhile is answered by the next one, in order', async () => {
    await openSession()
    await stopServer()
    await expect.poll(() => shim.stderr()).toContain('the daemon has ended')
    // Its file is there and nobody listens: the shim may start none in its place.
    await startServer('0.0.0', () => false)
    shim.write(call(1) + call(2))
    await expect.poll(() => connections.length).toBeGreaterThan(2)
    await stopServer()
    await startServer()
    const next = await connectionWith(4, 3)
    expect(next.lines.slice(2)).toEqual([call(1).trim(), call(2).trim()])
    next.socket.write(answer(0) + answer(1) + answer(2))
    await expect.poll(() => told().map(({ id }) => id)).toEqual([1, 2])
  })

  test('that greeted and had no answer yet is greeted by the next one', async () => {
    await startServer()
    shim = theHost().start()
    shim.write(initialize)
    await connectionWith(1)
    await stopServer()
    await startServer()
    const next = await connectionWith(1, 2)
    next.socket.write(answer(0))
    await expect.poll(shim.stdout).toBe(answer(0))
  })

  test('that speaks the protocol of 2026 has nothing to repeat', async () => {
    await startServer()
    shim = theHost().start()
    shim.write(call(1))
    const first = await connectionWith(1)
    first.socket.write(answer(1))
    await expect.poll(shim.stdout).toBe(answer(1))
    await stopServer()
    await startServer()
    await connectionWith(0, 2)
    shim.write(call(2))
    const next = await connectionWith(1, 2)
    expect(next.lines).toEqual([call(2).trim()])
  })

  test('is served by another release that has taken the place of ours, and told that the tools may differ', async () => {
    const manifest = join(dirname(theHost().package.script), '..', 'package.json')
    await openSession()
    writeFileSync(manifest, '{ "type": "module", "version": "9.9.9" }')
    try {
      await stopServer()
      await startServer('9.9.9')
      const next = await connectionWith(2, 2)
      next.socket.write(answer(0))
      await expect.poll(told).toEqual([{ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }])
    } finally {
      writeFileSync(manifest, '{ "type": "module" }')
    }
  })
})

describe('a daemon that was stopped', () => {
  test('stays so until the host asks for something', async () => {
    await openSession()
    await stopServer()
    await expect.poll(() => shim.stderr()).toContain('the daemon has ended')
    shim.write('{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}\n')
    expect(theHost().starts()).toEqual([])
    shim.write(call(1))
    // The one that starts says back what it is told.
    await expect.poll(shim.stdout).toContain(call(1))
    expect(theHost().starts()).toHaveLength(1)
  })

  test('and does not start any more: the host is told why, each time', async () => {
    await startServer()
    shim = theHost().start({ SUBAGENT_MCP_FAKE: 'fails' })
    shim.write(initialize)
    const first = await connectionWith(1)
    first.socket.write(answer(0))
    await expect.poll(shim.stdout).toBe(answer(0))
    await stopServer()
    await expect.poll(() => shim.stderr()).toContain('the daemon has ended')
    for (const id of [1, 2]) {
      shim.write(call(id))
      await expect.poll(told).toHaveLength(id)
      expect(told().at(-1)).toMatchObject({
        id,
        error: { message: expect.stringMatching(/was not sent .*: no luck today\. Send it again/) as string },
      })
    }
  })

  test('and the host leaves: so does the shim', async () => {
    await openSession()
    await stopServer()
    await expect.poll(() => shim.stderr()).toContain('the daemon has ended')
    shim.end()
    expect(await shim.exit).toBe(0)
  })
})

describe('a connection that breaks', () => {
  test('in half a line of the host: the next daemon gets all of it', async () => {
    const first = await openSession()
    const line = call(1)
    shim.write(`${call(9)}${line.slice(0, 20)}`)
    await expect.poll(() => first.lines).toHaveLength(3)
    await stopServer()
    await expect.poll(told).toMatchObject([{ id: 9, error: wasInterrupted }])
    shim.write(line.slice(20))
    await startServer()
    expect((await connectionWith(3, 2)).lines.at(-1)).toBe(line.trim())
    expect(told()).toHaveLength(1)
  })

  test('in a line that is too long to be kept: it is over, and the next one goes on', async () => {
    const first = await openSession()
    let received = 0
    first.socket.on('data', (text: string) => (received += text.length))
    const line = request(1, 'tools/call', { text: 'x'.repeat(3_000_000) })
    shim.write(line.slice(0, 2_000_000))
    await expect.poll(() => received).toBeGreaterThan(1_000_000)
    await stopServer()
    await startServer()
    await connectionWith(2, 2)
    shim.write(line.slice(2_000_000) + call(2))
    const next = await connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(call(2).trim())
    await expect.poll(told).toMatchObject([{ id: 1, error: wasInterrupted }])
  })

  test.each([100, 2_000_000])(
    'in an answer of which %d bytes came: the host can read what follows',
    async (size) => {
      const first = await openSession()
      shim.write(call(1))
      await expect.poll(() => first.lines).toHaveLength(3)
      const half = `{"result":"${'x'.repeat(size)}`
      await new Promise<void>((resolve) => first.socket.write(half, () => resolve()))
      if (size > 1_000_000) await expect.poll(() => shim.stdout().length).toBeGreaterThan(size)
      first.socket.end()
      await expect.poll(told).toMatchObject([{ id: 1, error: wasInterrupted }])
    },
  )

  test('with a batch under way: each call in it is answered', async () => {
    const first = await openSession()
    shim.write(`[${call(1).trim()}, ${initialized.trim()}, ${call(2).trim()}]\n[]\nno json\n"id"\n`)
    await expect.poll(() => first.lines).toHaveLength(6)
    await stopServer()
    await expect.poll(told).toMatchObject([
      { id: 1, error: wasInterrupted },
      { id: 2, error: wasInterrupted },
    ])
  })

  test(
    'at once, whenever a daemon is there: it is tried ever more seldom',
    { ...thorough, timeout: 30_000 },
    async () => {
      await openSession()
      await stopServer()
      await startServer('0.0.0', () => false)
      const started = Date.now()
      await expect.poll(() => connections.length, { timeout: 20_000 }).toBe(6)
      // 100 + 200 + 400 + 800 ms of pauses at least.
      expect(Date.now() - started).toBeGreaterThan(1_400)
    },
  )
})

test('lines of any size pass', async () => {
  const first = await openSession()
  let received = 0
  first.socket.on('data', (text: string) => (received += text.length))
  const line = request(1, 'tools/call', { text: 'x'.repeat(100_000_000) })
  shim.write(line)
  await expect.poll(() => received, { timeout: 20_000 }).toBe(line.length)
  const large = answer(1, { text: 'y'.repeat(100_000_000) })
  first.socket.write(large)
  await expect.poll(() => shim.stdout().length, { timeout: 20_000 }).toBe(answer(0).length + large.length)
})

import { thorough } from '@subagent-mcp/testkit'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startManualDaemon, pollUntil, type ManualDaemon } from './manual-daemon.test.support.js'
import { greetedShim } from './shim.test.support.js'

const head = 'POST /v1/agents HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'
const halves = {
  'a part of a first line': 'GET /v1/hea',
  'a part of a header': 'GET /v1/health HTTP/1.1\r\nho',
  'headers without an end': 'GET /v1/health HTTP/1.1\r\nhost: x\r\n',
  'a body that does not come': `${head}content-length: 10\r\n\r\n`,
  'half a body': `${head}content-length: 10\r\n\r\n{"a"`,
  'half a chunk': `${head}transfer-encoding: chunked\r\n\r\nff\r\n{"a"`,
  'a body that nobody reads': 'GET /v1/health HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{',
  'half a request after a whole one': 'GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\nGET /v1/hea',
}

describe('an HTTP request over the socket', () => {
  test('that stays incomplete is closed, and complete ones continue', thorough, async () => {
    const daemon = await startManualDaemon()
    const sockets = new Map<string, Socket>()
    for (const [name, text] of Object.entries(halves)) sockets.set(name, await open(daemon, text))
    for (let count = 0; count < 100; count += 1) sockets.set(`${count}`, await open(daemon, 'GET /v1/hea'))
    const events = await open(daemon, 'GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n')
    const isOpen = ([, socket]: [string, Socket]): boolean => !socket.closed
    await pass(daemon, 29_000)
    expect([...sockets].filter(isOpen)).toHaveLength(sockets.size)
    await pass(daemon, 100_000)
    await pollUntil(() => [...sockets].every((each) => !isOpen(each)))
    expect(events.closed).toBe(false)
    expect(daemon.server.connections()).toBe(1)
  })

  test('that trickles in is closed too, and time in which the daemon is blocked hardly counts', async () => {
    const daemon = await startManualDaemon()
    const slow = await open(daemon, 'GET /v1/health HTTP/1.1\r\n')
    await daemon.client.health()
    daemon.clock.advance(120_000)
    await nextTurn()
    for (let step = 0; step < 8; step += 1) {
      slow.write('a: b\r\n')
      await pass(daemon, 3_000)
    }
    expect(slow.closed).toBe(false)
    await pass(daemon, 12_000)
    await pollUntil(() => slow.closed)
  })

  test('that begins after a long pause of its connection has a limit of its own', async () => {
    const daemon = await startManualDaemon()
    const rested = await open(daemon, 'GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n')
    let answers = ''
    rested.on('data', (chunk) => (answers += String(chunk)))
    await pollUntil(() => answers.includes('200 OK'))
    await pass(daemon, 29_000)
    rested.write('GET /v1/health HTTP/1.1\r\n')
    await daemon.client.health()
    await pass(daemon, 10_000)
    rested.write('host: x\r\n\r\n')
    await pollUntil(() => answers.split('HTTP/1.1 ').length === 3)
    expect(answers).not.toContain('408')
  })
})

describe('an MCP connection over the socket', () => {
  test('is closed when a line does not end, and not when the client is silent', async () => {
    const daemon = await startManualDaemon()
    const [half, quiet] = [await greetedShim(daemon.socketPath), await greetedShim(daemon.socketPath)]
    half.write('{"jsonrpc":"2.0","id":7,')
    await pass(daemon, 59_000)
    half.write('"method":')
    expect(half.socket.closed).toBe(false)
    await pass(daemon, 7_000)
    await pollUntil(() => half.socket.closed)
    expect(quiet.socket.closed).toBe(false)
    expect(daemon.logged.filter((line) => line.includes('closed'))).toEqual([
      expect.stringContaining('it did not end a line'),
    ])
    expect(daemon.visits.map(({ left }) => left)).toEqual([1, 0])
  })

  test('whose client does not read answers is not read, and closed later', async () => {
    const daemon = await startManualDaemon()
    const { socket } = await greetedShim(daemon.socketPath)
    socket.removeAllListeners('data').pause()
    for (let id = 10; id < 5_000; id += 1)
      socket.write(`{"jsonrpc":"2.0","id":${id},"method":"tools/list"}\n`)
    await pollUntil(() => daemon.logged.length === 0 && socket.writableLength > 10_000)
    await pass(daemon, 59_000)
    expect(daemon.server.connections()).toBe(1)
    await pollUntil(async () => {
      await pass(daemon, 6_000)
      return daemon.server.connections() === 0
    })
    expect(daemon.logged).toEqual([expect.stringContaining('it read nothing of its answers')])
  })
})

async function open({ socketPath }: ManualDaemon, text: string): Promise<Socket> {
  const socket = connect(socketPath)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket
    .on('error', () => undefined)
    .resume()
    .write(text)
  return socket
}

/** Waits some turns of the event loop. */
async function pass({ clock }: ManualDaemon, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 500) {
    clock.advance(500)
    await nextTurn()
  }
}

import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startManualDaemon, pollUntil, type ManualDaemon } from './manual-daemon.test.support.js'
import { openStream } from './open-stream.test.support.js'

describe('a slow reader of the event stream', () => {
  test('gets every stored fact, and only a limited number waits for it', async () => {
    const daemon = await startManualDaemon()
    const { session } = await daemon.launched()
    const { response, read } = await openStream(daemon, {}, (stream) => stream.pause())
    for (let count = 0; count < 100; count += 1) {
      session.sink({ type: 'message-ended', text: `<${count}>${'x'.repeat(100_000)}` })
      if (count % 10 === 0) await new Promise(setImmediate)
    }
    session.sink({ type: 'text-delta', text: 'while it is behind' })
    response.resume()
    await pollUntil(() => read().includes('<99>'))
    session.sink({ type: 'text-delta', text: 'when it is not' })
    await pollUntil(() => read().includes('when it is not'))
    expect(read()).not.toContain('while it is behind')
    const numbers = [...read().matchAll(/"<(\d+)>/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => index))
  })

  test('may read its last answer later than a heartbeat', async () => {
    const { clock, client, socket, logged } = await pausedAtTheEnd()
    clock.advance(15_000)
    expect(await client.health()).toMatchObject({ connections: 1 })
    let text = ''
    socket.resume().on('data', (chunk) => (text += String(chunk)))
    await pollUntil(() => text.endsWith('0\r\n\r\n'))
    expect([...text.matchAll(/"<(\d+)>/g)].map(([, number]) => Number(number))).toEqual([0, 1, 2, 3, 4, 5])
    expect(logged).toEqual([])
  })

  test('is closed when it does not read the rest of its answer', async () => {
    const { clock, server } = await pausedAtTheEnd()
    clock.advance(29_999)
    expect(server.connections()).toBe(1)
    clock.advance(1)
    await pollUntil(() => server.connections() === 0)
  })

  test('is closed when it reads nothing', async () => {
    const daemon = await startManualDaemon()
    const { session } = await daemon.launched()
    const socket = connect(daemon.socketPath)
    socket.pause().write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n')
    await pollUntil(() => daemon.server.connections() === 1)
    for (let count = 0; count < 30; count += 1)
      session.sink({ type: 'message-ended', text: 'x'.repeat(100_000) })
    daemon.clock.advance(30_000)
    await pollUntil(() => daemon.server.connections() === 0)
    socket.destroy()
  })
})

/** A daemon that has written its whole answer to a client that has not read it. */
async function pausedAtTheEnd(): Promise<ManualDaemon & { socket: Socket }> {
  const daemon = await startManualDaemon()
  const { session } = await daemon.launched()
  for (let count = 0; count < 6; count += 1)
    session.sink({ type: 'message-ended', text: `<${count}>${'x'.repeat(100_000)}` })
  const socket = connect(daemon.socketPath)
  onTestFinished(() => void socket.destroy())
  socket.pause().write('GET /v1/events?after=0&follow=false HTTP/1.1\r\nhost: x\r\n\r\n')
  await pollUntil(() => daemon.server.connections() === 1)
  return { ...daemon, socket }
}

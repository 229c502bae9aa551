import { thorough } from '@subagent-mcp/testkit'
import { describe, expect, test } from 'vitest'
import {
  answerLine,
  callLine,
  initializedLine,
  requestLine,
  usePlayedDaemon,
  interruption,
} from './played-daemon.test.support.js'

const theDaemon = usePlayedDaemon()

describe('a connection that breaks', () => {
  test('in half a line of the host: the next daemon gets all of it', async () => {
    const first = await theDaemon().opens()
    const line = callLine(1)
    theDaemon()
      .shim()
      .write(`${callLine(9)}${line.slice(0, 20)}`)
    await expect.poll(() => first.lines).toHaveLength(3)
    await theDaemon().stop()
    await expect.poll(theDaemon().told).toMatchObject([{ id: 9, error: interruption }])
    theDaemon().shim().write(line.slice(20))
    await theDaemon().start()
    expect((await theDaemon().connectionWith(3, 2)).lines.at(-1)).toBe(line.trim())
    expect(theDaemon().told()).toHaveLength(1)
  })

  test('in a line that is too long to be kept: it is over, and the next one goes on', async () => {
    const first = await theDaemon().opens()
    let received = 0
    first.socket.on('data', (text: string) => (received += text.length))
    const line = requestLine(1, 'tools/call', { text: 'x'.repeat(3_000_000) })
    theDaemon().shim().write(line.slice(0, 2_000_000))
    await expect.poll(() => received).toBeGreaterThan(1_000_000)
    await theDaemon().stop()
    await theDaemon().start()
    await theDaemon().connectionWith(2, 2)
    theDaemon()
      .shim()
      .write(line.slice(2_000_000) + callLine(2))
    const next = await theDaemon().connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(callLine(2).trim())
    await expect.poll(theDaemon().told).toMatchObject([{ id: 1, error: interruption }])
  })

  test.each([100, 2_000_000])(
    'in an answer of which %d bytes came: the host can read what follows',
    async (size) => {
      const first = await theDaemon().opens()
      theDaemon().shim().write(callLine(1))
      await expect.poll(() => first.lines).toHaveLength(3)
      const half = `{"result":"${'x'.repeat(size)}`
      await new Promise<void>((resolve) => first.socket.write(half, () => resolve()))
      if (size > 1_000_000) await expect.poll(() => theDaemon().shim().stdout().length).toBeGreaterThan(size)
      first.socket.end()
      await expect.poll(theDaemon().told).toMatchObject([{ id: 1, error: interruption }])
    },
  )

  test('with a batch under way: each call in it is answered', async () => {
    const first = await theDaemon().opens()
    theDaemon()
      .shim()
      .write(`[${callLine(1).trim()}, ${initializedLine.trim()}, ${callLine(2).trim()}]\n[]\nno json\n"id"\n`)
    await expect.poll(() => first.lines).toHaveLength(6)
    await theDaemon().stop()
    await expect.poll(theDaemon().told).toMatchObject([
      { id: 1, error: interruption },
      { id: 2, error: interruption },
    ])
  })

  test('at once, whenever a daemon is there: it is tried ever more seldom', thorough, async () => {
    await theDaemon().opens()
    await theDaemon().stop()
    await theDaemon().start('0.0.0', false)
    const started = Date.now()
    await expect.poll(() => theDaemon().connections().length, { timeout: 20_000 }).toBe(6)
    // 100 + 200 + 400 + 800 ms of pauses at least.
    expect(Date.now() - started).toBeGreaterThan(1_400)
  })
})

test('lines of any size pass', thorough, async () => {
  const first = await theDaemon().opens()
  let received = 0
  first.socket.on('data', (text: string) => (received += text.length))
  const line = requestLine(1, 'tools/call', { text: 'x'.repeat(20_000_000) })
  theDaemon().shim().write(line)
  await expect.poll(() => received, { timeout: 20_000 }).toBe(line.length)
  const large = answerLine(1, { text: 'y'.repeat(20_000_000) })
  first.socket.write(large)
  await expect
    .poll(() => theDaemon().shim().stdout().length, { timeout: 20_000 })
    .toBe(answerLine(0).length + large.length)
})

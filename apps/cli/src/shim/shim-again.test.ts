import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  answerLine,
  callLine,
  initializeLine,
  initializedLine,
  requestLine,
  usePlayedDaemon,
  interruption,
} from './played-daemon.test.support.js'

const theDaemon = usePlayedDaemon()

describe('a host whose daemon is gone', () => {
  test('connects to the next daemon with the same handshake and caller, twice in a row', async () => {
    const first = await theDaemon().opens()
    for (const round of [1, 2]) {
      await theDaemon().stop()
      await theDaemon().start()
      const next = await theDaemon().connectionWith(2 * 1, round + 1)
      expect(next.hello).toBe(first.hello)
      expect(next.lines).toEqual([initializeLine.trim(), initializedLine.trim()])
      next.socket.write(answerLine(0))
      theDaemon().shim().write(callLine(round))
      await expect.poll(() => next.lines.at(-1)).toBe(callLine(round).trim())
      next.socket.write(answerLine(round))
      await expect.poll(theDaemon().told).toHaveLength(round)
      expect(theDaemon().changedLists()).toHaveLength(2 * round)
    }
    expect(
      theDaemon()
        .told()
        .map(({ id }) => id),
    ).toEqual([1, 2])
  })

  test('gets an error for each unfinished call, and none of them is sent again', async () => {
    const first = await theDaemon().opens()
    theDaemon()
      .shim()
      .write(callLine(1) + callLine('two') + callLine('d"3') + requestLine(4, 'tools/list'))
    await expect.poll(() => first.lines).toHaveLength(6)
    first.socket.write(answerLine('two'))
    await expect.poll(theDaemon().told).toHaveLength(1)
    await theDaemon().stop()
    await expect
      .poll(theDaemon().told)
      .toMatchObject([{ id: 'two' }, { id: 1, error: interruption }, { id: 'd"3', error: interruption }])
    await theDaemon().start()
    // Nothing but an answer can come of a list.
    const next = await theDaemon().connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(requestLine(4, 'tools/list').trim())
    next.socket.write(answerLine(0) + answerLine(4))
    await expect.poll(() => theDaemon().told().at(-1)).toEqual({ jsonrpc: '2.0', id: 4, result: {} })
    expect(theDaemon().told()).toHaveLength(4)
  })

  test('keeps its subscriptions, also where the daemon says that they are over as it ends', async () => {
    const first = await theDaemon().opens()
    theDaemon().shim().write(requestLine(5, 'subscriptions/listen'))
    await expect.poll(() => first.lines).toHaveLength(3)
    first.socket.write(answerLine(5))
    await theDaemon().stop()
    await theDaemon().start()
    const next = await theDaemon().connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(requestLine(5, 'subscriptions/listen').trim())
    const refusal = '{"jsonrpc":"2.0","id":5,"error":{"code":-32600,"message":"too many"}}'
    next.socket.write(`${answerLine(0)}${refusal}\n`)
    await expect.poll(theDaemon().told).toEqual([JSON.parse(refusal)])
  })

  test('gets no error for a cancelled call, and its late answers to the ended daemon are dropped', async () => {
    const first = await theDaemon().opens()
    const takeBack = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    theDaemon()
      .shim()
      .write(`${callLine(1)}${JSON.stringify(takeBack)}\n`)
    first.socket.write(requestLine(7, 'elicitation/create') + requestLine(8, 'elicitation/create'))
    await expect.poll(theDaemon().told).toHaveLength(2)
    theDaemon().shim().write(answerLine(8))
    await expect.poll(() => first.lines).toHaveLength(5)
    await theDaemon().stop()
    await expect.poll(theDaemon().told).toHaveLength(3)
    expect(theDaemon().told().at(-1)).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: 7 },
    })
    theDaemon()
      .shim()
      .write(answerLine(7) + callLine(2))
    await theDaemon().start()
    const next = await theDaemon().connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(callLine(2).trim())
  })

  test('that asks meanwhile is answered by the next one, in order', async () => {
    await theDaemon().opens()
    await theDaemon().stop()
    await expect.poll(() => theDaemon().shim().stderr()).toContain('the daemon has ended')
    // Its file is there and nobody listens: the shim may start none in its place.
    await theDaemon().start('0.0.0', false)
    theDaemon()
      .shim()
      .write(callLine(1) + callLine(2))
    await expect.poll(() => theDaemon().connections().length).toBeGreaterThan(2)
    await theDaemon().stop()
    await theDaemon().start()
    const next = await theDaemon().connectionWith(4, 3)
    expect(next.lines.slice(2)).toEqual([callLine(1).trim(), callLine(2).trim()])
    next.socket.write(answerLine(0) + answerLine(1) + answerLine(2))
    await expect
      .poll(() =>
        theDaemon()
          .told()
          .map(({ id }) => id),
      )
      .toEqual([1, 2])
  })

  test('that greeted and had no answer yet is greeted by the next one', async () => {
    await theDaemon().begins(initializeLine)
    await theDaemon().stop()
    await theDaemon().start()
    const next = await theDaemon().connectionWith(1, 2)
    next.socket.write(answerLine(0))
    await expect.poll(theDaemon().shim().stdout).toBe(answerLine(0))
  })

  test('that speaks the protocol of 2026 has nothing to repeat', async () => {
    const first = await theDaemon().begins(callLine(1))
    first.socket.write(answerLine(1))
    await expect.poll(theDaemon().shim().stdout).toBe(answerLine(1))
    await theDaemon().stop()
    await theDaemon().start()
    await theDaemon().connectionWith(0, 2)
    theDaemon().shim().write(callLine(2))
    const next = await theDaemon().connectionWith(1, 2)
    expect(next.lines).toEqual([callLine(2).trim()])
  })

  test('is served by another release that has taken the place of ours, and told that the tools may differ', async () => {
    const manifest = join(dirname(theDaemon().host.package.script), '..', 'package.json')
    await theDaemon().opens()
    writeFileSync(manifest, '{ "type": "module", "version": "9.9.9" }')
    try {
      await theDaemon().stop()
      await theDaemon().start('9.9.9')
      const next = await theDaemon().connectionWith(2, 2)
      next.socket.write(answerLine(0))
      await expect.poll(theDaemon().changedLists).toEqual(['tools', 'prompts'])
    } finally {
      writeFileSync(manifest, '{ "type": "module" }')
    }
  })
})

describe('a daemon that was stopped', () => {
  test('stays so until the host asks for something', async () => {
    await theDaemon().opens()
    await theDaemon().stop()
    await expect.poll(() => theDaemon().shim().stderr()).toContain('the daemon has ended')
    theDaemon().shim().write('{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}\n')
    expect(theDaemon().host.starts()).toEqual([])
    theDaemon().shim().write(callLine(1))
    // The one that starts says back what it is told.
    await expect.poll(theDaemon().shim().stdout).toContain(callLine(1))
    expect(theDaemon().host.starts()).toHaveLength(1)
  })

  test('and cannot be started: the host gets the reason for each request', async () => {
    await theDaemon().opens({ SUBAGENT_MCP_FAKE: 'fails' })
    await theDaemon().stop()
    await expect.poll(() => theDaemon().shim().stderr()).toContain('the daemon has ended')
    for (const id of [1, 2]) {
      theDaemon().shim().write(callLine(id))
      await expect.poll(theDaemon().told).toHaveLength(id)
      const { error } = theDaemon().told().at(-1) ?? {}
      expect(error?.message).toMatch(/was not sent .*: no luck today\. Send it again/)
    }
  })

  test('and the host leaves: so does the shim', async () => {
    await theDaemon().opens()
    await theDaemon().stop()
    await expect.poll(() => theDaemon().shim().stderr()).toContain('the daemon has ended')
    theDaemon().shim().end()
    expect(await theDaemon().shim().exit).toBe(0)
  })
})

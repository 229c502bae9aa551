import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  answer,
  call,
  initialize,
  initialized,
  request,
  usePlayedDaemon,
  wasInterrupted,
} from './played-daemon.test.support.js'

const theDaemon = usePlayedDaemon()

describe('a host whose daemon is gone', () => {
  test('gets the next one, which is told the same handshake by the same caller; twice', async () => {
    const first = await theDaemon().opens()
    for (const round of [1, 2]) {
      await theDaemon().stop()
      await theDaemon().start()
      const next = await theDaemon().connectionWith(2 * 1, round + 1)
      expect(next.hello).toBe(first.hello)
      expect(next.lines).toEqual([initialize.trim(), initialized.trim()])
      next.socket.write(answer(0))
      theDaemon().shim().write(call(round))
      await expect.poll(() => next.lines.at(-1)).toBe(call(round).trim())
      next.socket.write(answer(round))
      await expect.poll(theDaemon().told).toHaveLength(round)
    }
    expect(
      theDaemon()
        .told()
        .map(({ id }) => id),
    ).toEqual([1, 2])
  })

  test('is told of each call that was under way, and none of them is sent again', async () => {
    const first = await theDaemon().opens()
    theDaemon()
      .shim()
      .write(call(1) + call('two') + call('d"3') + request(4, 'tools/list'))
    await expect.poll(() => first.lines).toHaveLength(6)
    first.socket.write(answer('two'))
    await expect.poll(theDaemon().told).toHaveLength(1)
    await theDaemon().stop()
    await expect
      .poll(theDaemon().told)
      .toMatchObject([{ id: 'two' }, { id: 1, error: wasInterrupted }, { id: 'd"3', error: wasInterrupted }])
    await theDaemon().start()
    // Nothing but an answer can come of a list.
    const next = await theDaemon().connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(request(4, 'tools/list').trim())
    next.socket.write(answer(0) + answer(4))
    await expect.poll(() => theDaemon().told().at(-1)).toEqual({ jsonrpc: '2.0', id: 4, result: {} })
    expect(theDaemon().told()).toHaveLength(4)
  })

  test('is not told of a call that it took back, and its late answers to the dead daemon go nowhere', async () => {
    const first = await theDaemon().opens()
    const takeBack = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    theDaemon()
      .shim()
      .write(`${call(1)}${JSON.stringify(takeBack)}\n`)
    first.socket.write(request(7, 'elicitation/create') + request(8, 'elicitation/create'))
    await expect.poll(theDaemon().told).toHaveLength(2)
    theDaemon().shim().write(answer(8))
    await expect.poll(() => first.lines).toHaveLength(5)
    await theDaemon().stop()
    await expect.poll(theDaemon().told).toHaveLength(3)
    expect(theDaemon().told().at(-1)).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: 7 },
    })
    theDaemon()
      .shim()
      .write(answer(7) + call(2))
    await theDaemon().start()
    const next = await theDaemon().connectionWith(3, 2)
    expect(next.lines.at(-1)).toBe(call(2).trim())
  })

  test('that asks meanwhile is answered by the next one, in order', async () => {
    await theDaemon().opens()
    await theDaemon().stop()
    await expect.poll(() => theDaemon().shim().stderr()).toContain('the daemon has ended')
    // Its file is there and nobody listens: the shim may start none in its place.
    await theDaemon().start('0.0.0', false)
    theDaemon()
      .shim()
      .write(call(1) + call(2))
    await expect.poll(() => theDaemon().connections().length).toBeGreaterThan(2)
    await theDaemon().stop()
    await theDaemon().start()
    const next = await theDaemon().connectionWith(4, 3)
    expect(next.lines.slice(2)).toEqual([call(1).trim(), call(2).trim()])
    next.socket.write(answer(0) + answer(1) + answer(2))
    await expect
      .poll(() =>
        theDaemon()
          .told()
          .map(({ id }) => id),
      )
      .toEqual([1, 2])
  })

  test('that greeted and had no answer yet is greeted by the next one', async () => {
    await theDaemon().begins(initialize)
    await theDaemon().stop()
    await theDaemon().start()
    const next = await theDaemon().connectionWith(1, 2)
    next.socket.write(answer(0))
    await expect.poll(theDaemon().shim().stdout).toBe(answer(0))
  })

  test('that speaks the protocol of 2026 has nothing to repeat', async () => {
    const first = await theDaemon().begins(call(1))
    first.socket.write(answer(1))
    await expect.poll(theDaemon().shim().stdout).toBe(answer(1))
    await theDaemon().stop()
    await theDaemon().start()
    await theDaemon().connectionWith(0, 2)
    theDaemon().shim().write(call(2))
    const next = await theDaemon().connectionWith(1, 2)
    expect(next.lines).toEqual([call(2).trim()])
  })

  test('is served by another release that has taken the place of ours, and told that the tools may differ', async () => {
    const manifest = join(dirname(theDaemon().host.package.script), '..', 'package.json')
    await theDaemon().opens()
    writeFileSync(manifest, '{ "type": "module", "version": "9.9.9" }')
    try {
      await theDaemon().stop()
      await theDaemon().start('9.9.9')
      const next = await theDaemon().connectionWith(2, 2)
      next.socket.write(answer(0))
      await expect
        .poll(theDaemon().told)
        .toEqual([{ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }])
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
    theDaemon().shim().write(call(1))
    // The one that starts says back what it is told.
    await expect.poll(theDaemon().shim().stdout).toContain(call(1))
    expect(theDaemon().host.starts()).toHaveLength(1)
  })

  test('and does not start any more: the host is told why, each time', async () => {
    await theDaemon().opens({ SUBAGENT_MCP_FAKE: 'fails' })
    await theDaemon().stop()
    await expect.poll(() => theDaemon().shim().stderr()).toContain('the daemon has ended')
    for (const id of [1, 2]) {
      theDaemon().shim().write(call(id))
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

import { createManualClock } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { waitUntilIdle } from './wait-until-idle.js'

const minute = 60_000

/** The idle exit of a daemon whose work and clock the test controls; `limit` is in minutes. */
function play(limit: number) {
  const clock = createManualClock()
  const work = { busy: false, connections: 0 }
  let changed = (): void => undefined
  let stopped = false
  const { idle, stop } = waitUntilIdle(
    {
      isBusy: () => work.busy,
      connections: () => work.connections,
      onChange: (listener) => {
        changed = listener
        return () => (stopped = true)
      },
    },
    limit * minute,
    clock,
  )
  let isIdle = false
  void idle.then(() => (isIdle = true))
  return {
    work,
    stop,
    isStopped: () => stopped,
    change: () => changed(),
    isIdleAfter: async (minutes: number) => {
      for (let second = 0; second < minutes * 60; second += 1) clock.advance(1000)
      await Promise.resolve()
      return isIdle
    },
  }
}

test('a daemon without work is idle after the whole limit', async () => {
  const daemon = play(30)
  expect(await daemon.isIdleAfter(29)).toBe(false)
  expect(await daemon.isIdleAfter(1)).toBe(true)
})

test.each([{ busy: true }, { connections: 1 }])(
  'with %o it is not idle, and the limit begins when that ends',
  async (work) => {
    const daemon = play(30)
    Object.assign(daemon.work, work)
    expect(await daemon.isIdleAfter(100)).toBe(false)
    Object.assign(daemon.work, { busy: false, connections: 0 })
    expect(await daemon.isIdleAfter(28)).toBe(false)
    expect(await daemon.isIdleAfter(3)).toBe(true)
  },
)

test('a connection between two checks starts the limit again', async () => {
  const daemon = play(30)
  expect(await daemon.isIdleAfter(29.5)).toBe(false)
  daemon.change()
  expect(await daemon.isIdleAfter(29.5)).toBe(false)
  expect(await daemon.isIdleAfter(1)).toBe(true)
})

test('a limit shorter than the interval of checks works', async () => {
  expect(await play(0.5).isIdleAfter(0.5)).toBe(true)
})

test('after stop it never becomes idle', async () => {
  const daemon = play(30)
  daemon.stop()
  expect(daemon.isStopped()).toBe(true)
  expect(await daemon.isIdleAfter(60)).toBe(false)
})

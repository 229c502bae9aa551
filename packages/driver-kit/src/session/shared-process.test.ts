import type { SessionCloseMode, Failure } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { childStarter, until, type TestChild } from '../children.test.support.js'
import { isProcessRunning } from '../processes/process-table.js'
import { createSharedProcesses, type ProcessLease, type SharedProcessStart } from './shared-process.js'

const startReal = childStarter()

type Fake = { key: string; stopped: SessionCloseMode[]; die: (how: undefined) => void }

const broken: Failure = { reason: 'crashed', message: 'did not start' }
const calledOff = { type: 'failed', failure: { message: 'the launch was called off' } }

/** Creates process starts that a test completes, in the order in which they began. */
function byHand() {
  const starts: { key: string; signal: AbortSignal; up: () => Fake; fail: () => void }[] = []
  const { lease } = createSharedProcesses<string, Fake>({
    keyOf: (key) => key,
    start: (key, signal) => {
      const { promise, resolve } = promiseWithResolve<SharedProcessStart<Fake>>()
      const up = () => {
        const { promise: gone, resolve: die } = promiseWithResolve<undefined>()
        const process = { key, stopped: [], die }
        resolve({ type: 'started', process, gone })
        return process
      }
      starts.push({ key, signal, up, fail: () => resolve({ type: 'failed', failure: broken }) })
      signal.addEventListener('abort', () => resolve({ type: 'failed', failure: broken }))
      return promise
    },
    stop: (process, mode) => {
      process.stopped.push(mode)
      if (mode === 'kill') process.die(undefined)
      return new Promise((resolve) => void setImmediate(resolve))
    },
  })
  return { starts, lease: (key: string, signal = new AbortController().signal) => lease(key, signal) }
}

function promiseWithResolve<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => (resolve = done))
  return { promise, resolve }
}

async function leased<P>(lease: Promise<ProcessLease<P>>) {
  const outcome = await lease
  if (outcome.type === 'failed') throw new Error(outcome.failure.message)
  return outcome
}

describe('starting', () => {
  test('happens once for all that come meanwhile, and for those that come later', async () => {
    const { starts, lease } = byHand()
    const both = [leased(lease('a')), leased(lease('a'))]
    starts[0]?.up()
    const [one, other] = await Promise.all(both)
    const third = await leased(lease('a'))
    expect(starts).toHaveLength(1)
    expect(new Set([one?.process, other?.process, third.process]).size).toBe(1)
  })

  test('is done for each key', async () => {
    const { starts, lease } = byHand()
    const both = [leased(lease('a')), leased(lease('b'))]
    starts.forEach(({ up }) => up())
    expect((await Promise.all(both)).map(({ process }) => process.key)).toEqual(['a', 'b'])
  })

  test('that fails is told to all that wait, and tried again by the next', async () => {
    const { starts, lease } = byHand()
    const both = [lease('a'), lease('a')]
    starts[0]?.fail()
    expect(await Promise.all(both)).toEqual([
      { type: 'failed', failure: broken },
      { type: 'failed', failure: broken },
    ])
    const next = leased(lease('a'))
    starts[1]?.up()
    expect((await next).process.key).toBe('a')
  })

  test.each([
    ['throws', () => Promise.reject(new Error('disk full'))],
    [
      'throws at once',
      () => {
        throw new Error('disk full')
      },
    ],
  ])('that %s fails', async (_how, start) => {
    const { lease } = createSharedProcesses<string, string>({
      keyOf: (key) => key,
      start,
      stop: () => Promise.resolve(),
    })
    const failure = { reason: 'unknown', message: 'disk full' }
    expect(await lease('a', new AbortController().signal)).toEqual({ type: 'failed', failure })
  })
})

describe('releasing', () => {
  test('the last one ends it, and resolves when it is gone; before that nothing happens', async () => {
    const { starts, lease } = byHand()
    const both = [leased(lease('a')), leased(lease('a'))]
    const process = starts[0]?.up()
    const [one, other] = await Promise.all(both)
    await one?.release()
    expect(process?.stopped).toEqual([])
    await other?.release('kill')
    expect(process?.stopped).toEqual(['kill'])
  })

  test('twice counts once', async () => {
    const { starts, lease } = byHand()
    const both = [leased(lease('a')), leased(lease('a'))]
    const process = starts[0]?.up()
    const [one] = await Promise.all(both)
    await Promise.all([one?.release(), one?.release()])
    expect(process?.stopped).toEqual([])
  })

  test('again with `kill` hurries an end that goes on', async () => {
    const { starts, lease } = byHand()
    const only = leased(lease('a'))
    const process = starts[0]?.up()
    const { release } = await only
    await Promise.all([release('graceful'), release('kill')])
    expect(process?.stopped).toEqual(['graceful', 'kill'])
  })

  test('gives who comes then a new process, not the dying one', async () => {
    const { starts, lease } = byHand()
    const first = leased(lease('a'))
    starts[0]?.up()
    const released = (await first).release()
    const next = leased(lease('a'))
    const process = starts[1]?.up()
    expect((await next).process).toBe(process)
    await released
    expect(process?.stopped).toEqual([])
  })
})

describe('dying', () => {
  test('is forgotten at once: the next lease starts a new one, which old leases do not end', async () => {
    const { starts, lease } = byHand()
    const first = leased(lease('a'))
    starts[0]?.up().die(undefined)
    const { release } = await first
    await Promise.resolve()
    const next = leased(lease('a'))
    const process = starts[1]?.up()
    expect((await next).process).toBe(process)
    await release()
    const third = await leased(lease('a'))
    expect(third.process).toBe(process)
    expect(process?.stopped).toEqual([])
  })
})

describe('calling off', () => {
  test('before: starts nothing', async () => {
    const { starts, lease } = byHand()
    expect(await lease('a', AbortSignal.abort())).toMatchObject(calledOff)
    expect(starts).toEqual([])
  })

  test('one of two while it starts: the other gets it', async () => {
    const { starts, lease } = byHand()
    const controller = new AbortController()
    const [quitter, stayer] = [lease('a', controller.signal), leased(lease('a'))]
    controller.abort()
    expect(await quitter).toMatchObject(calledOff)
    expect(starts[0]?.signal.aborted).toBe(false)
    const process = starts[0]?.up()
    expect((await stayer).process).toBe(process)
    await (await stayer).release()
    expect(process?.stopped).toEqual(['graceful'])
  })

  test('all of them while it starts: ends the start', async () => {
    const { starts, lease } = byHand()
    const controller = new AbortController()
    const both = [lease('a', controller.signal), lease('a', controller.signal)]
    controller.abort()
    expect(await Promise.all(both)).toMatchObject([calledOff, calledOff])
    expect(starts[0]?.signal.aborted).toBe(true)
  })

  test('just as it came up: kills it before it is told', async () => {
    const { starts, lease } = byHand()
    const controller = new AbortController()
    const only = lease('a', controller.signal)
    const process = starts[0]?.up()
    controller.abort()
    expect(await only).toMatchObject(calledOff)
    expect(process?.stopped).toEqual(['kill'])
  })

  test('after it was leased: does nothing', async () => {
    const { starts, lease } = byHand()
    const controller = new AbortController()
    const only = leased(lease('a', controller.signal))
    const process = starts[0]?.up()
    const { release } = await only
    controller.abort()
    expect(process?.stopped).toEqual([])
    await release()
  })
})

test('a real process: shared, started again after it was killed, ended with its last lease', async () => {
  const { lease } = createSharedProcesses<string, TestChild>({
    keyOf: (command) => command,
    start: (command) => {
      const process = startReal(command, [])
      return Promise.resolve({ type: 'started', process, gone: process.exited })
    },
    stop: ({ child }, mode) => child.stop(mode),
  })
  const { signal } = new AbortController()
  const [one, other] = [await leased(lease('/bin/cat', signal)), await leased(lease('/bin/cat', signal))]
  expect(other.process).toBe(one.process)
  const pid = one.process.child.pid ?? 0
  process.kill(pid, 'SIGKILL')
  await one.process.exited
  const next = await leased(lease('/bin/cat', signal))
  await Promise.all([one.release(), other.release()])
  next.process.child.write('still here')
  await until(() => next.process.lines.length > 0)
  await next.release()
  expect(isProcessRunning(next.process.child.pid ?? 0)).toBe(false)
})

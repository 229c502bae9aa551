import { SubagentError } from '@subagent-mcp/contract'
import { createManualClock } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { runWorkerTurn } from './run-worker-turn.js'
import type { WorkerTurnEnd, WorkerTurnRunner } from './worker-ports.js'

const order = { prompt: 'go', session: { type: 'new' }, deadlineMs: 60_000 } as const

function begin(run: WorkerTurnRunner['run']) {
  const clock = createManualClock()
  const [lost, stop] = [new AbortController(), new AbortController()]
  const limits = { clock, lost: lost.signal, stop: stop.signal, stopGraceMs: 5_000 }
  return { clock, lost, stop, result: runWorkerTurn({ run }, order, limits) }
}

/** Moves the clock after all timers are set that follow from work that is due. */
async function advance(clock: { advance(milliseconds: number): void }, milliseconds: number) {
  await settle()
  clock.advance(milliseconds)
  await settle()
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function whenAborted(outcome: WorkerTurnEnd): WorkerTurnRunner['run'] {
  return (_order, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(outcome)
      })
    })
}

const never: WorkerTurnRunner['run'] = () => new Promise(() => undefined)

test('a turn that throws has failed', async () => {
  const { result } = begin(() => Promise.reject(new TypeError('a bug\nof ours')))
  expect(await result).toEqual({ type: 'failed', failure: { reason: 'unknown', message: 'a bug of ours' } })
})

test('a turn whose daemon went away is unreachable', async () => {
  const { result } = begin(() => Promise.reject(new SubagentError('daemon-unreachable', 'gone')))
  expect(await result).toEqual({ type: 'unreachable', problem: 'gone' })
})

test('a lost lease aborts a turn immediately, whatever it says then', async () => {
  const { lost, result } = begin(whenAborted({ type: 'ended', text: 'too late' }))
  lost.abort()
  expect(await result).toEqual({ type: 'lost' })
})

test('a stopped worker lets its turn end within its grace', async () => {
  let end: (outcome: WorkerTurnEnd) => void = () => undefined
  const { clock, stop, result } = begin(() => new Promise((resolve) => (end = resolve)))
  stop.abort()
  await advance(clock, 4_999)
  end({ type: 'ended', text: 'done' })
  expect(await result).toEqual({ type: 'ended', text: 'done' })
})

test('a stopped worker aborts its turn after its grace', async () => {
  const { clock, stop, result } = begin(whenAborted({ type: 'stopped', session: 's1' }))
  stop.abort()
  await advance(clock, 5_000)
  expect(await result).toEqual({ type: 'stopped', session: 's1' })
})

test('a turn that heeds neither deadline nor signal is left', async () => {
  const { clock, result } = begin(never)
  await advance(clock, 90_000)
  await advance(clock, 5_000)
  expect(await result).toEqual({ type: 'timed-out' })
})

test('a stopped worker leaves a turn that does not heed its signal', async () => {
  const { clock, stop, result } = begin(never)
  stop.abort()
  await advance(clock, 5_000)
  await advance(clock, 5_000)
  expect(await result).toEqual({ type: 'stopped' })
})

test('a turn that comes to its end while it is aborted has ended', async () => {
  const { clock, stop, result } = begin(whenAborted({ type: 'ended', text: 'done' }))
  stop.abort()
  await advance(clock, 5_000)
  expect(await result).toEqual({ type: 'ended', text: 'done' })
})

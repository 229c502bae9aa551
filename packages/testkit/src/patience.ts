import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

/** A time limit that is longer on a slow or busy machine. */
export type PatientLimit = {
  /** Returns the milliseconds until `isOver` has to be asked again; 0 when that is now. */
  left(): number
  /** Resolves to whether the limit has passed, scaled to how slow this machine is now. */
  isOver(): Promise<boolean>
}

/**
 * Starts a time limit, in milliseconds of an idle machine. When these have passed it measures how much slower this machine is
 * now, and stretches by that factor; so a wait that succeeds in time measures nothing. All waits of the tests end by such a limit
 * (tooling/vitest-config), and none by a fixed time.
 */
export function startLimit(milliseconds: number): PatientLimit {
  const begun = performance.now()
  let slowness = 1
  const left = () => Math.max(0, milliseconds * slowness - (performance.now() - begun))
  return {
    left,
    isOver: async () => {
      if (left() > 0) return false
      slowness = Math.max(slowness, await slownessNow())
      return left() === 0
    },
  }
}

/** Scales a time to the current speed of this machine, for a limit of the product that a test shortens. */
export async function scaledToMachine(milliseconds: number): Promise<number> {
  return milliseconds * (await slownessNow())
}

/** How many times longer than on an idle machine a Node process takes to start and end now; at least 1. */
async function slownessNow(): Promise<number> {
  const begun = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { env: {}, stdio: 'ignore' }), 'exit')
  return Math.max(1, (performance.now() - begun) / idleStartMs)
}

/** The duration on the idle machine for which the limits in the tests were chosen. */
const idleStartMs = 50

/**
 * The time limit and interval of a wait in tests: `timeout` in milliseconds of an idle machine, `interval` in real ones. Pauses
 * between two looks grow with the wait.
 */
export type Patience = { timeout?: number | undefined; interval?: number | undefined }

/** The default time limit and interval of a wait in tests. */
const defaults = { timeout: 15_000, interval: 20 }

/** Calls `look` until it returns something truthy, and resolves to that. Rejects when it throws, or when the limit has passed. */
export async function untilTrue<T>(look: () => T | Promise<T>, patience: Patience = {}): Promise<Truthy<T>> {
  const limit = startLimit(patience.timeout ?? defaults.timeout)
  const begun = performance.now()
  for (;;) {
    const value = await look()
    if (isTrue(value)) return value
    if (await limit.isOver()) throw new Error(`it did not become true: ${String(look)}`)
    await pause(nextPause(begun, patience))
  }
}

/**
 * The milliseconds until the next look: a twentieth of the wait so far, because a look at all processes takes ten milliseconds of
 * the processor, and several tests wait at the same time.
 */
function nextPause(begun: number, { interval = defaults.interval }: Patience): number {
  return Math.max(interval, Math.min((performance.now() - begun) / 20, longestPauseMs))
}

const longestPauseMs = 100

type Truthy<T> = Exclude<T, false | null | undefined>

function isTrue<T>(value: T): value is Truthy<T> {
  return Boolean(value)
}

/** Calls `look` until it neither throws nor rejects, and resolves to what it returned. Rejects with its last error. */
export async function untilPasses<T>(look: () => T | Promise<T>, patience: Patience = {}): Promise<T> {
  const limit = startLimit(patience.timeout ?? defaults.timeout)
  const begun = performance.now()
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (await limit.isOver()) throw error
    }
    await pause(nextPause(begun, patience))
  }
}

/** Resolves or rejects as `work` does, and rejects when that takes longer than the limit; `work` itself goes on. */
export async function withinLimit<T>(work: () => T | Promise<T>, milliseconds: number): Promise<T> {
  const limit = startLimit(milliseconds)
  const ended = new AbortController()
  const late = rejectWhenOver(limit, ended.signal)
  try {
    const value = await Promise.race([late, Promise.resolve().then(work)])
    if (await limit.isOver()) throw tooLong() // work that let no timer run
    return value
  } finally {
    ended.abort()
  }
}

async function rejectWhenOver(limit: PatientLimit, signal: AbortSignal): Promise<never> {
  do await pause(limit.left(), undefined, { signal })
  while (!(await limit.isOver()))
  throw tooLong()
}

function tooLong(): Error {
  return new Error('it took longer than its limit, also for a machine as slow as this one is now')
}

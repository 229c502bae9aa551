import { setTimeout as delay } from 'node:timers/promises'
import type { HeldTurns } from './held-turns.js'
import type { DaemonState, SimulatedDaemon } from './simulation.js'

/** The measurements of a period under load: latencies in milliseconds, and states of the daemon. */
export type LoadMeasurements = {
  latencies: readonly number[]
  /** The daemon's state at every second. */
  states: readonly DaemonState[]
  /** The daemon's states before and after the period, each after a garbage collection. */
  begin: DaemonState
  end: DaemonState
}

/**
 * The milliseconds between two measurements of latency. They do not wait for each other: a daemon that stands still makes several of
 * them late, as it does several hosts. The turns that they end are as many as those that the load itself ends.
 */
const measuredEvery = 50

/** Measures latency for `seconds`, and the state of the daemon every second. */
export async function observeLoad(
  { state }: SimulatedDaemon,
  { reportLatency }: HeldTurns,
  seconds: number,
): Promise<LoadMeasurements> {
  const begin = await state('collect')
  const start = performance.now()
  const over = start + seconds * 1_000
  const latencies: Promise<number>[] = []
  const states: DaemonState[] = []
  const watch = async (): Promise<void> => {
    while (performance.now() < over) {
      await delay(1_000)
      states.push(await state())
    }
  }
  const watching = watch()
  for (let due = start; due < over; due += measuredEvery) {
    await delay(due - performance.now())
    latencies.push(reportLatency())
  }
  await watching
  // No latency is measured meanwhile, because the garbage collection takes time.
  return { latencies: await Promise.all(latencies), states, begin, end: await state('collect') }
}

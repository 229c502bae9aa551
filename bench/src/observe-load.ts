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

/** Measures the latency of one agent after the other for `seconds`, and the state of the daemon every second. */
export async function observeLoad(
  { state }: SimulatedDaemon,
  { reportLatency }: HeldTurns,
  seconds: number,
): Promise<LoadMeasurements> {
  const begin = await state('collect')
  const over = performance.now() + seconds * 1_000
  const [latencies, states]: [number[], DaemonState[]] = [[], []]
  const watch = async (): Promise<void> => {
    while (performance.now() < over) {
      await delay(1_000)
      states.push(await state())
    }
  }
  const watching = watch()
  while (performance.now() < over) latencies.push(await reportLatency())
  await watching
  // No latency is measured meanwhile, because the garbage collection takes time.
  return { latencies, states, begin, end: await state('collect') }
}

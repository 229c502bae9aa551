import { setTimeout as delay } from 'node:timers/promises'
import type { HeldTurns } from './held-turns.js'
import type { DaemonState, Simulation } from './simulation.js'

/** What was measured in a period under load. */
export type LoadPeriod = {
  latencies: readonly number[]
  /** The state of the daemon at every second. */
  states: readonly DaemonState[]
  /** The states before and after the period, after a garbage collection. */
  begin: DaemonState
  end: DaemonState
}

/** Measures the latency of one agent after the other for `seconds`, and the state of the daemon every second. */
export async function observeLoad(
  { state }: Simulation,
  { reportLatency }: HeldTurns,
  seconds: number,
): Promise<LoadPeriod> {
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

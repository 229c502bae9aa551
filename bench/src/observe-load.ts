import { setTimeout as delay } from 'node:timers/promises'
import type { HeldTurns } from './held-turns.js'
import type { DaemonState, Simulation } from './simulation.js'

/** A time under load, and what was seen in it. */
export type LoadPeriod = {
  latencies: readonly number[]
  /** Of every second. */
  states: readonly DaemonState[]
  /** Before and after it, without garbage. */
  begin: DaemonState
  end: DaemonState
}

/** Waits for one agent after the other for so many seconds, and looks at the daemon every second. */
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
  // Nobody waits meanwhile: to collect takes its time.
  return { latencies, states, begin, end: await state('collect') }
}

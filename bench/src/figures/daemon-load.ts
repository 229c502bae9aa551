import { setTimeout as delay } from 'node:timers/promises'
import { quantile, type Figure, type Length } from '../figure.js'
import { holdTurns, type HeldTurns } from '../held-turns.js'
import { startSimulation, type DaemonState, type Simulation } from '../simulation.js'

const agents = 1_000
/** Of them, those for whom somebody waits. */
const awaited = 20
const eventsPerSecond = 10_000
const seconds: Record<Length, number> = { short: 15, full: 60, soak: 600 }
const quietRounds = 300

/** A daemon with 1,000 agents in turns that stream 10,000 events a second: what that costs, and who waits for it. */
export async function daemonLoad(length: Length): Promise<Figure[]> {
  const simulation = await startSimulation()
  await keepBusy(simulation, agents - awaited, seconds[length])
  const turns = await holdTurns(simulation, awaited)
  const quiet: number[] = []
  for (let round = 0; round < quietRounds; round += 1) quiet.push(await turns.reportLatency())
  const loaded = await load(simulation, turns, seconds[length])
  await simulation.close()
  return [
    ...latencyFigures(quiet, loaded.latencies),
    ...costFigures(loaded.states, seconds[length]),
    memoryFigure(loaded.states),
  ]
}

/** Launches agents with as many tasks in their inbox as they can do in this time: a turn takes a minute. */
async function keepBusy({ launch, send }: Simulation, count: number, length: number): Promise<void> {
  const ids = await launch(Array.from({ length: count }, () => 'work'))
  for (let minute = 0; minute <= length / 60; minute += 1) for (const id of ids) await send(id, 'work')
}

type Loaded = { latencies: number[]; states: readonly DaemonState[] }

/** Streams for so long, and looks at the daemon every second. */
async function load({ stream, state }: Simulation, turns: HeldTurns, length: number): Promise<Loaded> {
  const states = [await state()]
  const latencies: number[] = []
  const end = performance.now() + length * 1_000
  stream(eventsPerSecond)
  const watching = watch(state, states, end)
  while (performance.now() < end) latencies.push(await turns.reportLatency())
  await watching
  stream(0)
  return { latencies, states }
}

async function watch(look: Simulation['state'], states: DaemonState[], end: number): Promise<void> {
  while (performance.now() < end) {
    await delay(1_000)
    states.push(await look())
  }
}

function latencyFigures(quiet: readonly number[], loaded: readonly number[]): Figure[] {
  const figure = (part: number, most: number): Figure => ({
    name: `under load: last line → wait answered, p${part * 100}`,
    unit: 'ms',
    n: loaded.length,
    ours: quantile(loaded, part),
    floor: { name: 'without load', value: quantile(quiet, part) },
    limit: { type: 'amount', most },
    note: `most ${quantile(loaded, 1).toFixed(0)} ms`,
  })
  return [figure(0.5, 2), figure(0.99, 10)]
}

function costFigures(states: readonly DaemonState[], n: number): Figure[] {
  const [first, last] = [states[0], states.at(-1)]
  if (!first || !last) return []
  const spent = last.at - first.at
  const eachSecond = (what: 'events' | 'rows'): number => ((last[what] - first[what]) / spent) * 1_000
  const written = (last.journalBytes - first.journalBytes) / 1024 / 1024
  return [
    {
      name: 'under load: events',
      unit: '/s',
      n,
      ours: eachSecond('events'),
      floor: { name: 'asked', value: eventsPerSecond },
      limit: { type: 'ratio', least: 0.99 },
      note: `${agents} agents in turns`,
    },
    { name: 'under load: rows in the journal', unit: '/s', n, ours: eachSecond('rows') },
    {
      name: 'under load: journal after it',
      unit: 'MB',
      n: 1,
      ours: last.journalBytes / 1024 / 1024,
      note: `${((written * 60_000) / spent).toFixed(0)} MB a minute`,
    },
    {
      name: 'under load: CPU',
      unit: '%',
      n,
      ours: ((last.cpu - first.cpu) / spent) * 100,
      note: 'of a core',
    },
  ]
}

/**
 * While the first half runs the heap takes its size: every agent has come to the end of a turn by then. What still
 * grows in the last half grows for ever; a tenth is what a collector may leave lying from one time to the next.
 */
function memoryFigure(states: readonly DaemonState[]): Figure {
  const megabytes = states.map((state) => state.megabytes)
  const [quarter, half] = [Math.ceil(megabytes.length / 4), Math.ceil(megabytes.length / 2)]
  const [first, last] = [states[0], states.at(-1)]
  const said = first && last ? (last.characters - first.characters) / 1024 / 1024 : 0
  return {
    name: 'under load: memory, most in the last half',
    unit: 'MB',
    n: megabytes.length,
    ours: Math.max(...megabytes.slice(half)),
    floor: { name: 'median of the 2nd quarter', value: quantile(megabytes.slice(quarter, half)) },
    limit: { type: 'ratio', most: 1.1 },
    note: `agents said ${said.toFixed(0)} MB`,
  }
}

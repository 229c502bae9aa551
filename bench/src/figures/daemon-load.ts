import { quantile, type Figure, type RunLength } from '../figure.js'
import { launchHeldTurns } from '../held-turns.js'
import { observeLoad, type LoadMeasurements } from '../observe-load.js'
import { startSimulatedDaemon, type DaemonState, type SimulatedDaemon } from '../simulation.js'

const agents = 1_000
/** The number of agents for which a host waits. */
const awaited = 20
const eventsPerSecond = 10_000
const quietSeconds = 10
const seconds: Record<RunLength, number> = { short: 20, full: 60, soak: 600 }

/** Cost of a daemon with 1,000 agents that stream 10,000 events a second, and latency for the hosts that wait. */
export async function daemonLoad(length: RunLength): Promise<Figure[]> {
  const simulation = await startSimulatedDaemon()
  await keepBusy(simulation, agents - awaited, seconds[length])
  const turns = await launchHeldTurns(simulation, awaited)
  const quiet = await observeLoad(simulation, turns, quietSeconds)
  simulation.stream(eventsPerSecond)
  // In the first quarter the heap grows to its size, and the sessions spread over their streams.
  const first = await observeLoad(simulation, turns, seconds[length] / 4)
  const rest = await observeLoad(simulation, turns, (seconds[length] * 3) / 4)
  await simulation.close()
  return [
    ...latencyFigures(quiet.latencies, [...first.latencies, ...rest.latencies]),
    ...costFigures(rest),
    ...memoryFigures(rest, length),
  ]
}

/** Launches agents and queues as many messages for each as it can handle in `length` seconds: a turn takes a minute. */
async function keepBusy({ launch, send }: SimulatedDaemon, count: number, length: number): Promise<void> {
  const ids = await launch(Array.from({ length: count }, () => 'work'))
  for (let minute = 0; minute <= length / 60; minute += 1) for (const id of ids) await send(id, 'work')
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

function costFigures({ begin, end, states }: LoadMeasurements): Figure[] {
  const spent = end.at - begin.at
  const eachSecond = (what: keyof DaemonState): number => ((end[what] - begin[what]) / spent) * 1_000
  const figure = { n: states.length }
  const growth = (eachSecond('journalBytes') * 60) / 1024 / 1024
  return [
    {
      ...figure,
      name: 'under load: events',
      unit: '/s',
      ours: eachSecond('events'),
      floor: { name: 'asked', value: eventsPerSecond },
      limit: { type: 'ratio', least: 0.99 },
      note: `${agents} agents in turns`,
    },
    { ...figure, name: 'under load: rows in the journal', unit: '/s', ours: eachSecond('rows') },
    {
      ...figure,
      name: 'under load: journal after it',
      unit: 'MB',
      ours: end.journalBytes / 1024 / 1024,
      note: `${growth.toFixed(0)} MB a minute`,
    },
    { ...figure, name: 'under load: CPU', unit: '%', ours: eachSecond('cpu') / 10, note: 'of a core' },
  ]
}

/**
 * The daemon has in memory what running turns have said, which grows within a minute, and no text of the turns before the last. So
 * live memory may not grow by what is said in ten minutes. Resident memory counts as flat when its peak in the last half is within
 * 10 % of its peak before, because a garbage collector leaves so much. In a run of a minute it cannot be flat, because the heap still
 * grows to its size.
 */
function memoryFigures({ begin, end, states }: LoadMeasurements, length: RunLength): Figure[] {
  const resident = states.map((state) => state.resident)
  const third = Math.ceil(resident.length / 3)
  return [
    {
      name: 'under load: live memory gained',
      unit: 'MB',
      n: 1,
      ours: end.live - begin.live,
      floor: { name: 'what was said', value: (end.characters - begin.characters) / 1024 / 1024 },
      limit: { type: 'ratio', most: length === 'soak' ? 0.1 : 2 },
      note: `from ${begin.live.toFixed(0)} MB`,
    },
    {
      name: 'under load: memory, most in the last half',
      unit: 'MB',
      n: resident.length,
      ours: Math.max(...resident.slice(third)),
      floor: { name: 'median of the 2nd quarter', value: quantile(resident.slice(0, third)) },
      ...(length === 'soak' && { limit: { type: 'ratio', most: 1.1 } }),
    },
  ]
}

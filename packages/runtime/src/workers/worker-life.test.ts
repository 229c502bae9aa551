import { expect, test } from 'vitest'
import { beginWorkerLife, reduceWorkerLife, type WorkerFact, type WorkerLife } from './worker-life.js'

/** Applies facts to a worker that starts at 1. Returns its life, with the types of all effects. */
function live(facts: readonly WorkerFact[]) {
  const [first, ...begun] = beginWorkerLife(1)
  const effects = begun.map(({ type }) => type)
  let life: WorkerLife = first
  for (const fact of facts) {
    const [next, ...more] = reduceWorkerLife(life, fact, { max: 2, withinMs: 60_000 })
    life = next
    effects.push(...more.map(({ type }) => type))
  }
  return { life, effects }
}

const registered: WorkerFact = { type: 'registered', at: 2 }
const stop: WorkerFact = { type: 'stop-requested', at: 3 }
const ended: WorkerFact = { type: 'loops-ended', at: 4 }
const resumed = (at: number): WorkerFact => ({ type: 'pause-ended', at })
const failed = (at: number, isFinal = false): WorkerFact => ({
  type: 'loops-failed',
  ...{ at, error: 'boom', isFinal },
})

test.each<[string, WorkerFact[], Partial<WorkerLife>, string[]]>([
  ['starts', [], { status: 'starting', since: 1 }, ['run']],
  ['runs when it is registered', [registered], { status: 'running', since: 2 }, ['run']],
  ['is asked to end', [registered, stop], { status: 'stopping' }, ['run', 'stop']],
  ['is asked only once', [registered, stop, stop], { status: 'stopping' }, ['run', 'stop']],
  ['has ended', [registered, stop, ended], { status: 'stopped', since: 4 }, ['run', 'stop']],
  ['has ended by itself', [registered, ended], { status: 'stopped', since: 4 }, ['run']],
  ['fails while it is stopped', [stop, failed(4)], { status: 'stopped' }, ['run', 'stop']],
  ['registers too late', [stop, registered], { status: 'stopping' }, ['run', 'stop']],
  [
    'fails and pauses',
    [registered, failed(10)],
    { status: 'restarting', due: 1_010, restarts: 1, lastError: 'boom' },
    ['run', 'pause'],
  ],
  [
    'restarts after its pause, and keeps its error',
    [failed(10), resumed(1_010)],
    { status: 'starting', since: 1_010, restarts: 1, lastError: 'boom' },
    ['run', 'pause', 'run'],
  ],
  [
    'pauses longer the next time',
    [failed(10), resumed(1_010), failed(2_000)],
    { status: 'restarting', due: 4_000, restarts: 2 },
    ['run', 'pause', 'run', 'pause'],
  ],
  [
    'is given up after too many restarts',
    [failed(10), resumed(1_010), failed(2_000), resumed(4_000), failed(5_000)],
    { status: 'given-up', since: 5_000, lastError: 'boom (restarted 2 times within 1 min)' },
    ['run', 'pause', 'run', 'pause', 'run'],
  ],
  [
    'restarts again when its failures are long ago',
    [failed(10), resumed(1_010), failed(2_000), resumed(4_000), failed(90_000)],
    { status: 'restarting', restarts: 3, recent: [90_000] },
    ['run', 'pause', 'run', 'pause', 'run', 'pause'],
  ],
  [
    'is given up where a restart is useless',
    [failed(10, true)],
    { status: 'given-up', restarts: 0 },
    ['run'],
  ],
  [
    'is stopped in its pause, whose end then means nothing',
    [failed(10), stop, resumed(1_010)],
    { status: 'stopped', since: 3 },
    ['run', 'pause'],
  ],
  [
    'hears nothing after its end',
    [ended, registered, stop, failed(9)],
    { status: 'stopped', since: 4 },
    ['run'],
  ],
])('a worker %s', (_title, facts, life, effects) => {
  const lived = live(facts)
  expect(lived.life).toMatchObject(life)
  expect(lived.effects).toEqual(effects)
})

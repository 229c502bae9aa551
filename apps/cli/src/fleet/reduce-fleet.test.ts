import { expect, test } from 'vitest'
import type { FleetFact } from './fact.js'
import type { MemberLife, FleetMember, WorkerEntry } from './member.js'
import { lackedKeys, membersOf, reduceFleet, type FleetState } from './reduce-fleet.js'

type UpOrder = Extract<FleetFact, { type: 'up-ordered' }>
type Running = Extract<MemberLife, { status: 'running' }>

const limit = { max: 2, withinMs: 60_000 }
const shop: WorkerEntry = { name: 'shop', folder: '/shop', words: ['--name=shop'] }
const changed: WorkerEntry = { ...shop, words: ['--name=shop', '--model=opus'] }
const docs: WorkerEntry = { name: 'docs', folder: '/docs', words: [] }
const process = { pid: 7, startTime: '70' }
const member = (life: MemberLife, more: Partial<FleetMember> = {}): FleetMember => {
  return { entry: shop, life, restarts: 0, recent: [], ...more }
}
const upWith = (...members: FleetMember[]) =>
  ({ status: 'up', file: '/f', limit, keys: ['KEY'], members }) satisfies FleetState
const running: Running = { status: 'running', process, since: 5, keys: ['KEY'] }
const { keys: _, ...unknown } = running
const keyless: Running = { ...running, keys: [] }
const over: FleetFact = {
  ...{ type: 'worker-ended', name: 'shop', process, at: 1_000, lastLine: 'boom' },
  code: 1,
}
const order = (...entries: WorkerEntry[]): UpOrder => ({
  type: 'up-ordered',
  file: '/f',
  entries,
  limit,
  keys: ['KEY'],
})
const found = (life: MemberLife, isHere: boolean): FleetFact => {
  return { type: 'fleet-found', file: '/f', limit, keys: ['KEY'], members: [member(life)], isHere }
}
const start = { type: 'start', entry: shop }
const end = { type: 'end', name: 'shop', process }
const stopping: FleetFact = { type: 'daemon-stopping' }
const down: FleetFact = { type: 'down-ordered' }
const ending = (then: 'start' | 'park' | 'leave'): MemberLife => ({ status: 'ending', process, then })
const unstarted = (then: 'start' | 'park' | 'leave'): MemberLife => ({ status: 'ending', then })
const started: FleetFact = { type: 'worker-started', name: 'shop', process, keys: ['KEY'], at: 5 }
const noStart: FleetFact = { type: 'start-failed', name: 'shop', error: 'no such folder', at: 1_000 }
const stopped: MemberLife = { status: 'stopped', since: 1 }
const givenUp: MemberLife = { status: 'given-up', since: 1 }
const restarting: MemberLife = { status: 'restarting', due: 2_000 }

test.each<[string, MemberLife, FleetFact, ...(object | undefined)[]]>([
  ['a started one runs', { status: 'starting' }, started, running],
  ['one that failed is restarted after a pause', running, over, restarting, pause(2_000)],
  ['so is one that could not be started', { status: 'starting' }, noStart, restarting, pause(2_000)],
  [
    'one that was told to end, and did, is left',
    running,
    { ...over, code: 0 },
    { status: 'stopped', since: 1_000 },
  ],
  [
    'one that was killed is restarted',
    running,
    { ...over, code: undefined, signal: 'SIGKILL' },
    restarting,
    pause(2_000),
  ],
  [
    'the end of an earlier process is none of its',
    running,
    { ...over, process: { pid: 8, startTime: '1' } },
    running,
  ],
  [
    'after the pause it starts',
    restarting,
    { type: 'pause-ended', name: 'shop', due: 2_000 },
    { status: 'starting' },
    start,
  ],
  ['an earlier pause is none of its', restarting, { type: 'pause-ended', name: 'shop', due: 1 }, restarting],
  ['an order for the same leaves it alone', running, order(shop), running],
  ['an order with a key that it lacks restarts it', keyless, order(shop), ending('start'), end],
  ['so it does where its keys are not known', unknown, order(shop), ending('start'), end],
  ['and where it is starting', { status: 'starting' }, order(shop), unstarted('start')],
  ['an order for another ends it first', running, order(changed), ending('start'), end],
  ['a stopped worker is started again', stopped, order(shop), { status: 'starting' }, start],
  ['a given-up worker is started again', givenUp, order(shop), { status: 'starting' }, start],
  ['what waits does not wait any more', restarting, order(shop), { status: 'starting' }, start],
  ['what is not named any more ends', running, order(), ending('leave'), end],
  ['and is gone then', ending('leave'), over, undefined],
  ['what was to leave and is named again stays', ending('leave'), order(shop), ending('start')],
  ['what is to start again does so when it has ended', ending('start'), over, { status: 'starting' }, start],
  ['one that is starting ends when it has started', unstarted('leave'), started, ending('leave'), end],
  ['or has not', unstarted('leave'), noStart, undefined],
  ['with the daemon it ends', running, stopping, ending('park'), end],
  ['to run again with the next', ending('park'), over, { status: 'parked' }],
  ['what waits waits for the next', restarting, stopping, { status: 'parked' }],
  ['what was stopped stays so', stopped, stopping, stopped],
  ['what is to leave does not come back', ending('leave'), stopping, ending('leave'), end],
  ['what ends already has less time now', ending('start'), stopping, ending('park'), end],
  ['down ends all', running, down, ending('leave'), end],
  ['down forgets what does not run', givenUp, down, undefined],
  [
    'one that an earlier daemon had is watched',
    stopped,
    found(running, true),
    running,
    { type: 'watch', name: 'shop', process },
  ],
  ['where its pid says nothing it starts', stopped, found(running, false), { status: 'starting' }, start],
  ['what was parked starts', stopped, found({ status: 'parked' }, true), { status: 'starting' }, start],
  ['what waited starts', stopped, found(restarting, true), { status: 'starting' }, start],
  ['what was stopped is not started', running, found(stopped, true), stopped],
  ['what was given up is not started', running, found(givenUp, true), givenUp],
  ['what was ending is told once more', stopped, found(ending('park'), true), ending('start'), end],
])('%s', (_, life, fact, ...[next, ...effects]) => {
  const [fleet, ...done] = reduceFleet(upWith(member(life)), fact)
  expect(membersOf(fleet)[0]?.life).toEqual(next)
  expect(done).toEqual(effects)
})

function pause(due: number): object {
  return { type: 'pause', name: 'shop', due }
}

test('pauses double, up to a minute; what failed too often within the time is given up, and says why', () => {
  const often = { max: 8, withinMs: 600_000 }
  const pauses = Array.from({ length: 8 }, (_, failed) => {
    const recent = Array.from({ length: failed }, () => 900)
    const [, effect] = reduceFleet({ ...upWith(member(running, { recent })), limit: often }, over)
    return effect?.type === 'pause' && effect.due - 1_000
  })
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  const [last, ...effects] = reduceFleet(upWith(member(running, { recent: [900, 950], restarts: 2 })), over)
  expect(effects).toEqual([])
  expect(membersOf(last)).toMatchObject([
    {
      life: { status: 'given-up', since: 1_000 },
      lastError: 'exit code 1: boom (restarted 2 times within 1 min)',
    },
  ])
})

test('a worker lacks what the last order had and its process has not', () => {
  const lacked = (life: MemberLife) => lackedKeys(member(life), upWith(member(life)))
  expect([lacked(running), lacked(keyless), lacked(unknown), lacked(stopped)]).toEqual([[], ['KEY'], [], []])
  const [again] = reduceFleet(upWith(member(keyless)), { ...order(shop), keys: [] })
  expect(membersOf(again).map((one) => [one.life, lackedKeys(one, again)])).toEqual([[keyless, []]])
})

test('restarts of long ago do not count', () => {
  const late: FleetFact = { ...over, at: 100_000 }
  const [fleet] = reduceFleet(upWith(member(running, { recent: [1_000, 39_000], restarts: 2 })), late)
  expect(membersOf(fleet)).toMatchObject([{ life: { status: 'restarting' }, recent: [100_000], restarts: 3 }])
})

test('workers are in the order of the file, and those that leave are behind them', () => {
  const [fleet, ...effects] = reduceFleet(upWith(member(running)), order(docs))
  expect(membersOf(fleet).map(({ entry }) => entry.name)).toEqual(['docs', 'shop'])
  expect(effects).toEqual([{ type: 'start', entry: docs }, end])
})

test('it is down when the last has ended, or at once', () => {
  const [going] = reduceFleet(upWith(member(running)), down)
  expect(going.status).toBe('going-down')
  expect(reduceFleet(going, over)).toEqual([{ status: 'down' }])
  expect(reduceFleet(going, stopping)).toEqual([going, end])
  expect(reduceFleet(upWith(member(stopped)), down)).toEqual([{ status: 'down' }])
  expect(reduceFleet({ status: 'down' }, over)).toEqual([{ status: 'down' }])
})

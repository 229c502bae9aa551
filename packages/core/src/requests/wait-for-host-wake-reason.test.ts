import { expect, test } from 'vitest'
import {
  createManualSupervisor,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import {
  waitForHostWakeReason,
  type HostWakeReason,
  type HostWakeQuery,
} from './wait-for-host-wake-reason.js'
import { connectCaller, disconnectCaller } from './caller-connection.js'
import { waitForReports } from './wait-for-reports.js'

/** A supervisor to which the host `host` is connected, whose process is 7 and whose shell is 5. */
function createHosted(): ManualSupervisor {
  const manual = createManualSupervisor()
  connectCaller(manual.supervisor, { caller: 'host', project: '/p', hostProcesses: [7, 5] })
  return manual
}

/** Watches for a wake of the host; `seen` has it once it has come. */
function watch({ supervisor }: ManualSupervisor, query: Partial<HostWakeQuery> = {}) {
  const seen: HostWakeReason[] = []
  const controller = new AbortController()
  const over = waitForHostWakeReason(
    supervisor,
    { process: 7, project: '/p', known: [], ...query },
    controller.signal,
  )
  void over.then((wake) => seen.push(wake))
  return { seen, over, controller }
}

/** Lets promises settle that have nothing to wait for. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('agents that end together wake a session once, and reports with an earlier notice do not wake it', async () => {
  const manual = createHosted()
  const [one, two] = [await manual.launched('host'), await manual.launched('host')]
  const { seen, over } = watch(manual)
  one.session.finish('done')
  await settle()
  manual.clock.advance(999)
  two.session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
  await settle()
  expect(seen).toEqual([])
  manual.clock.advance(1)
  const wake = { type: 'unread', finished: [`${one.id}.1`], asking: [`${two.id}.1`] }
  expect(await over).toEqual(wake)

  const again = watch(manual, { known: [`${one.id}.1`, `${two.id}.1`] })
  const third = await manual.launched('host')
  manual.clock.advance(5_000)
  await settle()
  expect(again.seen).toEqual([])
  third.session.finish('done')
  await settle()
  manual.clock.advance(1_000)
  expect(await again.over).toEqual({ ...wake, finished: [`${one.id}.1`, `${third.id}.1`] })
})

test('an end between two watches is not missed', async () => {
  const manual = createHosted()
  const { id, session } = await manual.launched('host')
  session.finish('done')
  manual.clock.advance(60_000)
  const { over } = watch(manual)
  await settle()
  manual.clock.advance(1_000)
  expect(await over).toEqual({ type: 'unread', finished: [`${id}.1`], asking: [] })
})

test('a report that is received within a second wakes no session, and the wait continues until no report can come', async () => {
  const manual = createHosted()
  const [one, two] = [await manual.launched('host'), await manual.launched('host')]
  const { seen, over } = watch(manual)
  one.session.finish('done')
  await settle()
  await manual.waiting({ caller: 'host', agentIds: [one.id] })
  manual.clock.advance(10_000)
  await settle()
  expect(seen).toEqual([])
  two.session.finish('done')
  await manual.waiting({ caller: 'host' })
  expect(await over).toEqual({ type: 'over' })
})

test('reports that an open wait delivers wake no session, also before their receipt is known; a lost answer does', async () => {
  const manual = createHosted()
  const { id, session } = await manual.launched('host')
  const more = await manual.launched('host')
  const waiting = waitForReports(manual.supervisor, { caller: 'host', until: 'any' })
  const { seen, over } = watch(manual)
  session.finish('done')
  const result = await waiting
  manual.clock.advance(10_000)
  await settle()
  expect(seen).toEqual([])
  if (result.type !== 'cancelled') result.lost(true)
  await settle()
  manual.clock.advance(1_000)
  expect(await over).toEqual({ type: 'unread', finished: [`${id}.1`], asking: [] })
  more.session.finish('done')
})

test.each<[string, Partial<HostWakeQuery>]>([
  ['no agent', {}],
  ['another process', { process: 9 }],
])('is over at once with %s', async (_, query) => {
  const manual = createHosted()
  if (query.process !== undefined) await manual.launched('host')
  expect(await watch(manual, query).over).toEqual({ type: 'over' })
})

test('is over when the session disconnects, and when the request is closed', async () => {
  const manual = createHosted()
  await manual.launched('host')
  const [closed, left] = [watch(manual), watch(manual)]
  closed.controller.abort()
  expect(await closed.over).toEqual({ type: 'over' })
  disconnectCaller(manual.supervisor, 'host')
  expect(await left.over).toEqual({ type: 'over' })
})

test('the only session of a project is woken for agents of a host that is gone; of two sessions none is', async () => {
  const manual = createHosted()
  const { id, session } = await manual.launched('host')
  disconnectCaller(manual.supervisor, 'host')
  connectCaller(manual.supervisor, { caller: 'next', project: '/p', hostProcesses: [8] })
  const { over } = watch(manual, { process: 8 })
  session.finish('done')
  await settle()
  manual.clock.advance(1_000)
  expect(await over).toEqual({ type: 'unread', finished: [`${id}.1`], asking: [] })
  connectCaller(manual.supervisor, { caller: 'other', project: '/p', hostProcesses: [9] })
  expect(await watch(manual, { process: 8 }).over).toEqual({ type: 'over' })
})

test('of hosts inside of each other the nearest is meant; without known processes the only one of the project', async () => {
  const manual = createHosted()
  connectCaller(manual.supervisor, { caller: 'inner', project: '/p', hostProcesses: [8, 6, 7] })
  const { id, session } = await manual.launched('host')
  const { over } = watch(manual)
  session.finish('done')
  await settle()
  manual.clock.advance(1_000)
  expect(await over).toMatchObject({ finished: [`${id}.1`] })

  connectCaller(manual.supervisor, { caller: 'hidden', project: '/q', hostProcesses: [] })
  await manual.launched('hidden')
  const hidden = watch(manual, { project: '/q' })
  const unknown = watch(manual, { process: 99, project: '/q' })
  await settle()
  expect(unknown.seen).toEqual([])
  disconnectCaller(manual.supervisor, 'hidden')
  expect(await unknown.over).toEqual({ type: 'over' })
  hidden.controller.abort()
})

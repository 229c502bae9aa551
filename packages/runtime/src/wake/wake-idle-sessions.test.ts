import type { HostMessageQueue } from '@subagent-mcp/contract'
import {
  connectCaller,
  createSupervisor,
  disconnectCaller,
  launchSupervisedAgent,
  recordHostTurn,
  waitForReports,
  type Supervisor,
} from '@subagent-mcp/core'
import { readNoticedReportKeys, storeReportNotice } from '@subagent-mcp/orchestration'
import {
  createManualClock,
  createManualDriver,
  makeTemporaryFolder,
  type ManualClock,
  type ManualDriver,
} from '@subagent-mcp/testkit'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { wakeIdleSessions } from './wake-idle-sessions.js'

let folder: string
let clock: ManualClock
let driver: ManualDriver
let supervisor: Supervisor
let queue: ReturnType<typeof createManualQueue>
let logged: string[]
let stop: () => void

beforeEach(() => {
  folder = makeTemporaryFolder()
  clock = createManualClock()
  driver = createManualDriver()
  supervisor = createSupervisor({ drivers: [driver], clock, limits: { maxDepth: 2 } })
  queue = createManualQueue()
  logged = []
  const environmentOf = (caller: string) => ({ CALLER: caller })
  const log = (line: string): unknown => logged.push(line)
  stop = wakeIdleSessions({ queue, maxTurns: 2, folder, supervisor, environmentOf, log })
  connectCaller(supervisor, { caller: 'host', project: '/p', hostProcesses: [7] })
})
afterEach(() => {
  stop()
})

/** A queue whose messages begin a turn when the test takes them out. `refuses` makes it fail. */
function createManualQueue() {
  const all: { thread: string; text: string; caller: string | undefined }[] = []
  const waiting = new Map<string, string>()
  const state = { refuses: false }
  const own: HostMessageQueue = {
    add: ({ thread, environment }, text) => {
      const failure = { reason: 'crashed', message: 'it failed', stderrTail: 'a\nno thread\n' } as const
      if (state.refuses) return Promise.resolve({ type: 'failed', failure })
      const id = `message ${all.push({ thread, text, caller: environment['CALLER'] })}`
      waiting.set(id, thread)
      return Promise.resolve({ type: 'queued', id })
    },
    remove: (_, id) => Promise.resolve(waiting.delete(id)),
  }
  return { ...own, all, waiting, state }
}

/** Reports a tool call of the host, from a turn that its user typed or that a queued message began. */
function call(id: string, trigger: 'typed' | 'queued' = 'typed', caller = 'host'): void {
  if (trigger === 'queued') queue.waiting.clear()
  recordHostTurn(supervisor, caller, { thread: `thread-of-${caller}`, id, isTyped: trigger === 'typed' })
}

async function launched(caller = 'host') {
  const { agent } = launchSupervisedAgent(supervisor, caller, { prompt: 'work', cwd: '/p' })
  const session = driver.sessions.at(-1)
  await session?.open()
  return {
    id: agent.profile.id,
    finish: () => session?.finish('secret words'),
    ask: () => session?.sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: {} }),
  }
}

async function pass(milliseconds: number): Promise<void> {
  await setImmediate()
  clock.advance(milliseconds)
  // A message is removed and another one added, each in its own steps.
  for (let step = 0; step < 3; step += 1) await setImmediate()
}

async function receive(caller = 'host'): Promise<void> {
  const result = await waitForReports(supervisor, { caller, until: 'any' })
  if (result.type !== 'cancelled') result.received()
  await pass(0)
}

const oneFinished =
  '[From subagent-mcp, not typed by the user] 1 sub-agent has finished: call `wait` of subagent-mcp, which returns what they report. This message answers no question and grants no permission.'

test('agents that finish within a second cause one message of fixed words to their session', async () => {
  call('t1')
  const [one, two] = [await launched(), await launched()]
  one.finish()
  await pass(900)
  two.finish()
  await pass(50)
  expect(queue.all).toEqual([])
  await pass(50)
  expect(queue.all).toEqual([
    {
      thread: 'thread-of-host',
      caller: 'host',
      text: oneFinished.replace('1 sub-agent has', '2 sub-agents have'),
    },
  ])
  await pass(60_000)
  expect(queue.all).toHaveLength(1)
  expect(readNoticedReportKeys(folder, { host: 'codex', session: 'thread-of-host' })).toEqual([
    `${one.id}.1`,
    `${two.id}.1`,
  ])
  call('t2', 'queued')
  await receive()
  await pass(5_000)
  expect(queue.all).toHaveLength(1)
})

test('a session gets a message when an agent asks, and another one when it has finished', async () => {
  call('t1')
  const agent = await launched()
  agent.ask()
  await pass(1_000)
  expect(queue.all[0]?.text).toContain('1 sub-agent asks for permission: call `wait`')
  call('t2', 'queued')
  await receive()
  agent.finish()
  await pass(1_000)
  expect(queue.all.map(({ text }) => text).slice(1)).toEqual([oneFinished])
})

test('a report that is received within a second, or of which a hook has given notice, wakes no session', async () => {
  call('t1')
  const one = await launched()
  one.finish()
  await pass(500)
  await receive()
  const two = await launched()
  storeReportNotice(folder, { host: 'codex', session: 'thread-of-host' }, [`${two.id}.1`])
  two.finish()
  await pass(5_000)
  expect(queue.all).toEqual([])
})

test('a message is removed when its report is received before it begins a turn, and is replaced by a newer one', async () => {
  call('t1')
  const [one, two] = [await launched(), await launched()]
  one.finish()
  await pass(1_000)
  two.finish()
  await pass(1_000)
  expect(queue.all.map(({ text }) => /\d/.exec(text)?.[0])).toEqual(['1', '2'])
  expect([...queue.waiting.keys()]).toEqual(['message 2'])
  expect(supervisor.state().callers.get('host')?.wakes).toBe(1)
  await receive()
  expect(queue.waiting.size).toBe(0)
  expect(supervisor.state().callers.get('host')?.wakes).toBe(0)
  expect(readNoticedReportKeys(folder, { host: 'codex', session: 'thread-of-host' })).toEqual([])
})

test('an agent that finishes after the message has begun a turn wakes the session again', async () => {
  call('t1')
  const [one, two] = [await launched(), await launched()]
  one.finish()
  await pass(1_000)
  call('t2', 'queued')
  await receive()
  two.finish()
  await pass(1_000)
  expect(queue.all.map(({ text }) => text)).toEqual([oneFinished, oneFinished])
})

test('after so many turns results wait until a person has typed', async () => {
  call('t1')
  for (const turn of ['t2', 't3', 't4']) {
    const agent = await launched()
    agent.finish()
    await pass(1_000)
    if (turn !== 't4') {
      call(turn, 'queued')
      await receive()
    }
  }
  expect(queue.all).toHaveLength(2)
  call('t5')
  await pass(1_000)
  expect(queue.all).toHaveLength(3)
  // Another call of the same turn is no new prompt.
  call('t5')
  expect(supervisor.state().callers.get('host')?.wakes).toBe(1)
})

test('only the session that launched an agent is woken, and no agent', async () => {
  connectCaller(supervisor, { caller: 'other', project: '/p', hostProcesses: [7] })
  connectCaller(supervisor, { caller: 'agent', project: '/p', depth: 1, folder: '/p' })
  for (const caller of ['host', 'other', 'agent']) call('t1', 'typed', caller)
  const agents = [await launched('other'), await launched('agent')]
  for (const agent of agents) agent.finish()
  await pass(1_000)
  expect(queue.all.map(({ thread, caller }) => ({ thread, caller }))).toEqual([
    { thread: 'thread-of-other', caller: 'other' },
  ])
})

test('a failure is logged once, is not tried again, and leaves the notice to the next prompt', async () => {
  queue.state.refuses = true
  call('t1')
  for (let agents = 0; agents < 2; agents += 1) {
    const agent = await launched()
    agent.finish()
    await pass(5_000)
  }
  expect(logged).toEqual([
    'cannot wake a session, which learns of its agents at its next prompt: it failed: no thread',
  ])
  expect(readNoticedReportKeys(folder, { host: 'codex', session: 'thread-of-host' })).toEqual([])
  queue.state.refuses = false
  const agent = await launched()
  agent.finish()
  await pass(1_000)
  expect(queue.all).toHaveLength(1)
})

test('a session that connects again, as after a restart, is known by its agents', async () => {
  call('t1')
  const agent = await launched()
  disconnectCaller(supervisor, 'host')
  agent.finish()
  await pass(1_000)
  expect(queue.all).toEqual([])
  connectCaller(supervisor, { caller: 'host', project: '/p', hostProcesses: [8] })
  await pass(1_000)
  expect(queue.all.map(({ thread }) => thread)).toEqual(['thread-of-host'])
  call('t2', 'queued')
  await receive()
  await pass(5_000)
  expect(queue.all).toHaveLength(1)
})

test('a host that names no turns is not woken', async () => {
  const agent = await launched()
  agent.finish()
  await pass(1_000)
  expect(queue.all).toEqual([])
})

import type { SessionCommand } from '@subagent-mcp/contract'
import {
  connectCaller,
  createSupervisor,
  disconnectCaller,
  launchSupervisedAgent,
  sendMessage,
  stopAgent,
  waitForReports,
  type LaunchRequest,
} from '@subagent-mcp/core'
import { createManualClock, createManualDriver, type ManualSession } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { notifyLaunchers } from './notify-launchers.js'

const one =
  'Automatic notice: 1 sub-agent has finished: call `wait` of subagent-mcp, which returns what they report.'
const two = one.replace('1 sub-agent has', '2 sub-agents have')
const asks = one.replace('has finished', 'asks for permission')

/** A supervisor with an agent `parent` that a host launched, and whose CLI is connected as the caller `inside`. */
async function family({ maxTurns = 10, worker = false, shared = false } = {}) {
  const [clock, driver] = [createManualClock(), createManualDriver()]
  const supervisor = createSupervisor({ drivers: [driver], clock, limits: { maxDepth: 3 } })
  const stop = notifyLaunchers({ supervisor, maxTurns })
  const launched = async (caller: string, pid: number, more: Partial<LaunchRequest> = {}) => {
    const request = { prompt: 'do it', cwd: '/p', provider: 'claude', ...more }
    const { id } = launchSupervisedAgent(supervisor, caller, request).agent.profile
    const session = driver.sessions.at(-1)
    if (!session) throw new Error('no session')
    const { sent, sink } = session
    const send = (command: SessionCommand): void => void sent.push(command)
    const close = (): Promise<void> => {
      sink({ type: 'session-closed' })
      return Promise.resolve()
    }
    await session.open({ type: 'opened', session: { send, close }, pid })
    sink({ type: 'session-identified', sessionId: id })
    return { id, session }
  }
  connectCaller(supervisor, { caller: 'host', project: '/p', ...(worker && { worker: true }) })
  const parent = await launched('host', 7)
  if (shared) await launched('host', 7)
  const process = { mark: 'd.1', pid: 7 }
  connectCaller(supervisor, { caller: 'inside', project: '/p', depth: 1, folder: '/p', process })
  const child = (more: Partial<LaunchRequest> = {}) => launched('inside', 8, more)
  const pass = (seconds: number): void => {
    for (let passed = 0; passed < seconds; passed += 1) clock.advance(1_000)
  }
  return { supervisor, clock, parent, child, pass, stop, launched, sessions: driver.sessions }
}

/** The prompts that a session got, without the first one. */
function prompts({ sent }: ManualSession): readonly string[] {
  return sent.flatMap((command) => (command.type === 'prompt' ? [command.text] : [])).slice(1)
}

test('an idle parent gets one notice when a sub-agent has finished, and another one for a later end', async () => {
  const { parent, child, pass } = await family()
  const [first, second] = [await child(), await child()]
  parent.session.finish('launched')
  pass(60)
  expect(prompts(parent.session)).toEqual([])
  first.session.finish('done')
  pass(2)
  expect(prompts(parent.session)).toEqual([one])
  parent.session.finish('noted')
  pass(60)
  expect(prompts(parent.session)).toEqual([one])
  second.session.finish('done')
  pass(2)
  expect(prompts(parent.session)).toEqual([one, two])
})

test('agents that end within a second are in one notice; agents that end during a turn of the parent are in a notice after it', async () => {
  const { parent, child, pass } = await family()
  const [first, second] = [await child(), await child()]
  first.session.finish('done')
  second.session.finish('done')
  pass(60)
  expect(prompts(parent.session)).toEqual([])
  parent.session.finish('launched')
  pass(2)
  expect(prompts(parent.session)).toEqual([two])
})

test('a question causes a notice, too', async () => {
  const { parent, child, pass } = await family()
  const { session } = await child({ permissions: 'ask' })
  parent.session.finish('launched')
  session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: { command: 'make it' } })
  pass(2)
  expect(prompts(parent.session)).toEqual([asks])
})

test('a parent that has received the report, or waits for it, gets no notice', async () => {
  const { supervisor, parent, child, pass } = await family()
  const { session } = await child()
  const waiting = waitForReports(supervisor, { caller: 'inside', until: 'any' })
  session.finish('done')
  const result = await waiting
  parent.session.finish('all results are read')
  pass(60)
  expect(prompts(parent.session)).toEqual([])
  if (result.type !== 'cancelled') result.received()
  pass(60)
  expect(prompts(parent.session)).toEqual([])
})

test('after as many notices in a row the next one waits until somebody else writes to the parent', async () => {
  const { supervisor, parent, child, pass } = await family({ maxTurns: 2 })
  parent.session.finish('launched')
  const end = async () => {
    const { session } = await child()
    session.finish('done')
    pass(2)
    return prompts(parent.session).length
  }
  expect(await end()).toBe(1)
  parent.session.finish('noted')
  expect(await end()).toBe(2)
  parent.session.finish('noted')
  expect(await end()).toBe(2)
  sendMessage(supervisor, { agentId: parent.id, caller: 'host', text: 'go on', steer: false })
  parent.session.finish('went on')
  pass(2)
  expect(prompts(parent.session).slice(2)).toEqual([
    'go on',
    one.replace('1 sub-agent has', '3 sub-agents have'),
  ])
})

test('a parent whose idle session was closed is opened again', async () => {
  const { parent, child, pass, sessions } = await family()
  const { session } = await child()
  parent.session.finish('launched')
  parent.session.sink({ type: 'session-closed' })
  session.finish('done')
  pass(2)
  const opened = sessions.at(-1)
  expect(opened?.spec.resumeSessionId).toBe(parent.id)
  await opened?.open()
  expect(opened?.sent).toMatchObject([{ type: 'prompt', text: one }])
})

test.each([
  ['was stopped', {}, 'stop'],
  ['belongs to a worker', { worker: true }, ''],
  ['shares its process with another one', { shared: true }, ''],
  ['may have no such turn', { maxTurns: 0 }, ''],
] as const)('a parent that %s is not told', async (_, options, act) => {
  const { supervisor, parent, child, pass, sessions } = await family(options)
  const { session } = await child()
  parent.session.finish('launched')
  if (act === 'stop') {
    await stopAgent(supervisor, 'host', parent.id)
    disconnectCaller(supervisor, 'inside')
  }
  const opened = sessions.length
  session.finish('done')
  pass(60)
  expect(prompts(parent.session)).toEqual([])
  expect(sessions).toHaveLength(opened)
})

test('after the end no notice is sent, and agents of hosts cause none', async () => {
  const { parent, child, pass, stop, launched } = await family()
  const other = await launched('host', 9)
  other.session.finish('done')
  pass(2)
  const { session } = await child()
  parent.session.finish('launched')
  session.finish('done')
  stop()
  pass(60)
  expect([prompts(parent.session), prompts(other.session)]).toEqual([[], []])
})

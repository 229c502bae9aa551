import { createManualClock, createManualDriver } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { connectCaller } from '../requests/caller-connection.js'
import { stopAgent } from '../requests/end-agents.js'
import { interruptAgent } from '../requests/send-message.js'
import { noPermissionRules } from '@subagent-mcp/permissions'
import { createSupervisor } from './create-supervisor.js'

/** A supervisor whose agents are prepared when the test says so, with an agent whose session is open. */
async function startPreparing(what: 'beforeSession' | 'beforeTurn' = 'beforeSession') {
  const [driver, clock] = [createManualDriver(), createManualClock()]
  let prepared = (): void => undefined
  const prepare = async (): Promise<void> => {
    prepared()
    await new Promise(setImmediate)
  }
  const supervisor = createSupervisor({
    ...{ drivers: [driver], clock, environmentOf: () => ({}) },
    [what]: () => new Promise<void>((resolve) => (prepared = resolve)),
  })
  const authority = { preset: 'accept-edits', rules: noPermissionRules } as const
  connectCaller(supervisor, { caller: 'me', project: '/p', depth: 0, authority })
  const { agent } = launchSupervisedAgent(supervisor, 'me', {
    prompt: 'do it',
    cwd: '/p',
    provider: 'claude',
    model: 'opus',
  })
  const { id } = agent.profile
  const [session] = driver.sessions
  if (!session) throw new Error('no session was opened')
  await session.open()
  await new Promise(setImmediate)
  return { supervisor, id, session, prepare, phase: () => findAgentByIdOrName(supervisor, id).phase.status }
}

test('the first turn of an agent begins when it is prepared', async () => {
  const { session, prepare, phase } = await startPreparing()
  expect(phase()).toBe('opening')
  expect(session.sent).toEqual([])
  await prepare()
  expect(phase()).toBe('working')
  expect(session.sent).toMatchObject([{ type: 'prompt', text: 'do it' }])
})

test('a session that dies before its agent is prepared is noticed', async () => {
  const { session, prepare, phase } = await startPreparing()
  session.sink({ type: 'session-closed', failure: { reason: 'protocol', message: 'gone' } })
  await prepare()
  expect(phase()).toBe('ended')
})

test('an agent that is stopped before it is prepared gets no turn, and its session is closed', async () => {
  const { supervisor, id, session, prepare, phase } = await startPreparing()
  const stopped = stopAgent(supervisor, 'me', id)
  await prepare()
  session.sink({ type: 'session-closed' })
  await stopped
  expect(phase()).toBe('ended')
  expect(session.sent.filter(({ type }) => type === 'prompt')).toEqual([])
})

test('a message waits until its turn is prepared, and what is sent after it comes after it', async () => {
  const { supervisor, id, session, prepare, phase } = await startPreparing('beforeTurn')
  expect(phase()).toBe('working')
  interruptAgent(supervisor, id)
  expect(session.sent).toEqual([])
  await prepare()
  expect(session.sent).toMatchObject([{ type: 'prompt' }, { type: 'interrupt' }])
})

test('a message whose agent is stopped before its turn is prepared is not sent', async () => {
  const { supervisor, id, session, prepare } = await startPreparing('beforeTurn')
  await stopAgent(supervisor, 'me', id)
  await prepare()
  expect(session.sent).toEqual([])
})

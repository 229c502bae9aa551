import { beforeEach, describe, expect, test } from 'vitest'
import { computeAgentStatus } from '../agent/agent-view.js'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import type { LaunchRequest } from '../launch/launch-request.js'
import { pruneAgents, shutDownSupervisor, stopAgent } from '../requests/end-agents.js'
import { answerPermission } from '../questions/answer-permission.js'
import { sendMessage } from '../requests/send-message.js'
import {
  createManualSupervisor,
  codeOf,
  launchRequest,
  waitSummary,
  unroutedRequest,
  type ManualSupervisor,
} from './manual-supervisor.test.support.js'

let driver: ManualSupervisor['driver']
let clock: ManualSupervisor['clock']
let journal: ManualSupervisor['journal']
let supervisor: ManualSupervisor['supervisor']
let connect: ManualSupervisor['connect']
let launched: ManualSupervisor['launched']
let opened: ManualSupervisor['opened']
let waiting: ManualSupervisor['waiting']

beforeEach(() => {
  ;({ driver, clock, journal, supervisor, connect, launched, opened, waiting } = createManualSupervisor())
})

describe('launch', () => {
  test('returns immediately, and the prompt is sent when the session is open', async () => {
    const { agent } = launchSupervisedAgent(supervisor, 'me', launchRequest)
    expect(agent.phase.status).toBe('opening')
    const session = await opened()
    expect(session.sent).toMatchObject([{ type: 'prompt', text: 'do it' }])
  })

  test('the same request id never launches twice, within a project', () => {
    const first = launchSupervisedAgent(supervisor, 'me', { ...launchRequest, requestId: 'r1' })
    connect('reconnected')
    const second = launchSupervisedAgent(supervisor, 'reconnected', { ...launchRequest, requestId: 'r1' })
    connect('elsewhere', '/q')
    const third = launchSupervisedAgent(supervisor, 'elsewhere', { ...launchRequest, requestId: 'r1' })
    expect(second).toMatchObject({ repeated: true, agent: { profile: { id: first.agent.profile.id } } })
    expect(third.repeated).toBe(false)
    expect(driver.sessions).toHaveLength(2)
  })

  test.each<[string, Partial<LaunchRequest>]>([
    ['another prompt', { prompt: 'do that' }],
    ['the same prompt with other options', { prompt: 'do  it' }],
    ['the same prompt with other options', { cwd: '/p/sub' }],
    ['the same prompt with other options', { model: 'sonnet' }],
    ['the same prompt with other options', { permissions: 'read-only' }],
  ])('a request id that was used is refused for %s: %o', (what, other) => {
    launchSupervisedAgent(supervisor, 'me', { ...launchRequest, requestId: 'r1' })
    const again = () =>
      launchSupervisedAgent(supervisor, 'me', { ...launchRequest, ...other, requestId: 'r1' })
    expect(codeOf(again)).toBe('request-id-used')
    expect(again).toThrow(`request_id 'r1' has launched agent a1 already, for ${what};`)
    expect(supervisor.state().agents.size).toBe(1)
  })

  test('a request is the same whether or not it would wait for room, and however its parts are ordered', () => {
    const { prompt, ...rest } = launchRequest
    launchSupervisedAgent(supervisor, 'me', { prompt, ...rest, requestId: 'r1' })
    const again = { requestId: 'r1', queue: false, ...rest, prompt }
    expect(launchSupervisedAgent(supervisor, 'me', again).repeated).toBe(true)
  })

  test.each<[string, Partial<LaunchRequest>]>([
    ['unknown-provider', { provider: 'hal' }],
    ['not-supported', { provider: 'claude', model: 'opus', effort: 'ultracode' }],
    ['invalid-parameter', { allowedTools: ['Bash('] }],
  ])('refuses with %s and launches nothing: %o', (code, part) => {
    expect(codeOf(() => launchSupervisedAgent(supervisor, 'me', { ...unroutedRequest, ...part }))).toBe(code)
    expect(supervisor.state().agents.size).toBe(0)
  })

  test('a launch that preflight rejects is refused before any process starts', () => {
    driver.preflightFailure = { reason: 'not-installed', message: 'no claude', hint: 'install it' }
    expect(codeOf(() => launchSupervisedAgent(supervisor, 'me', launchRequest))).toBe('not-installed')
    expect(supervisor.state().agents.size).toBe(0)
  })

  test('a driver that breaks its promise and throws does not leave the agent opening', async () => {
    driver.open = () => Promise.reject(new Error('bug'))
    const { agent } = launchSupervisedAgent(supervisor, 'me', launchRequest)
    await new Promise(setImmediate)
    expect(findAgentByIdOrName(supervisor, agent.profile.id).phase).toMatchObject({
      status: 'ended',
      ending: { type: 'failed' },
    })
  })
})

describe('orders', () => {
  test('the caller that stops an agent gets no report of its end', async () => {
    const { id } = await launched()
    connect('you')
    const agent = await stopAgent(supervisor, 'me', id)
    expect(agent.phase).toMatchObject({ status: 'ended', ending: { type: 'stopped' } })
    expect(await waitSummary(waiting({ agentIds: [id] }))).toMatchObject({ news: [], known: [id] })
    expect(await waitSummary(waiting({ caller: 'you', agentIds: [id] }))).toMatchObject({
      news: [[id, 'ending']],
    })
  })

  test('a stop does not hide an answer that was not reported yet', async () => {
    const { id, session } = await launched()
    session.finish()
    await stopAgent(supervisor, 'me', id)
    expect(await waitSummary(waiting())).toMatchObject({ news: [[id, 'turn', 'ending']] })
  })

  test('wrong orders are refused by name', async () => {
    const { id } = await launched()
    const to = (agentId: string, steer = false) => ({ agentId, text: 'hi', steer, caller: 'me' })
    expect(codeOf(() => sendMessage(supervisor, to('nobody')))).toBe('unknown-agent')
    expect(codeOf(() => sendMessage(supervisor, to(id, true)))).toBe('not-supported')
    expect(
      codeOf(() => answerPermission(supervisor, { agentId: id, decision: 'allow', by: 'http', who: 'me' })),
    ).toBe('no-permission-pending')
    await stopAgent(supervisor, 'me', id)
    expect(codeOf(() => sendMessage(supervisor, to(id)))).toBe('agent-dead')
  })

  test('a shutdown ends every agent, a running one as interrupted', async () => {
    const [running, idle] = [await launched(), await launched()]
    idle.session.finish()
    await shutDownSupervisor(supervisor, 1000)
    const status = (id: string) =>
      computeAgentStatus(findAgentByIdOrName(supervisor, id), { now: clock.now(), stalledAfter: 1 })
    expect([status(running.id), status(idle.id)]).toEqual(['interrupted', 'finished'])
  })
})

test('an agent that is forgotten leaves nothing behind, whatever is still said of it', async () => {
  const { id } = await launched()
  await stopAgent(supervisor, 'me', id)
  pruneAgents(supervisor, { agentIds: [id] })
  supervisor.dispatch({ type: 'idle-expired', at: clock.now(), agentId: id })
  supervisor.dispatch({ type: 'reports-delivered', at: clock.now(), agentId: id, caller: 'me', upTo: 1 })
  expect(journal.facts.filter((fact) => 'agentId' in fact && fact.agentId === id)).toEqual([])
  expect(supervisor.state().agents.size).toBe(0)
})

test('silence shows as stalled, ends no wait, and the stream takes it back', async () => {
  const { id, session } = await launched()
  const status = () =>
    computeAgentStatus(findAgentByIdOrName(supervisor, id), { now: clock.now(), stalledAfter: 600_000 })
  let ended = false
  void waiting().then(() => (ended = true))
  clock.advance(599_999)
  expect(status()).toBe('processing')
  clock.advance(1)
  expect(status()).toBe('stalled')
  await new Promise(setImmediate)
  expect(ended).toBe(false)
  session.sink({ type: 'text-delta', text: '.' })
  expect(status()).toBe('processing')
})

import { SubagentError } from '@subagent-mcp/contract'
import {
  createHandClock,
  createHandDriver,
  type HandClock,
  type HandDriver,
  type HandSession,
} from '@subagent-mcp/testkit'
import { beforeEach, describe, expect, test } from 'vitest'
import { agentStatus } from './agent-view.js'
import { findAgent, launch, type LaunchOrder } from './launch.js'
import { answerPermission, sendMessage, shutDown, stopAgent } from './orders.js'
import { createSupervisor, type Supervisor } from './supervisor.js'
import { waitForReports, type WaitResult } from './wait-for-reports.js'
import type { WaitQuery } from './wait-outcome.js'

let driver: HandDriver
let clock: HandClock
let supervisor: Supervisor

beforeEach(() => {
  driver = createHandDriver()
  clock = createHandClock()
  let ids = 0
  supervisor = createSupervisor({
    drivers: new Map([['claude', driver]]),
    environmentOf: () => ({}),
    clock,
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
  })
  connect('me')
})

function connect(caller: string, project = '/p'): void {
  supervisor.dispatch({ type: 'caller-connected', at: clock.now(), caller, project })
}

const order: LaunchOrder = { prompt: 'do it', category: 'coding', cwd: '/p' }

/** Launches an agent whose session opens at once. */
async function launched(caller = 'me'): Promise<{ id: string; session: HandSession }> {
  const { agent } = launch(supervisor, caller, order)
  const session = await opened()
  return { id: agent.profile.id, session }
}

async function opened(): Promise<HandSession> {
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  await session.open()
  return session
}

function waiting(query: Partial<WaitQuery> = {}, signal = new AbortController().signal): Promise<WaitResult> {
  return waitForReports(supervisor, { caller: 'me', until: 'any', ...query }, { timeout: 900_000, signal })
}

/** The result of a wait in few words. */
async function told(wait: Promise<WaitResult>): Promise<object> {
  const result = await wait
  if (result.type === 'cancelled') return result
  const { news, known, running } = result.outcome
  const ids = (agents: readonly { profile: { id: string } }[]): string[] =>
    agents.map(({ profile }) => profile.id)
  return {
    type: result.type,
    news: news.map(({ agent, reports }) => [agent.profile.id, ...reports.map(({ type }) => type)]),
    known: ids(known),
    running: ids(running),
  }
}

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof SubagentError) return error.code
    throw error
  }
  return 'no error'
}

describe('launch', () => {
  test('returns at once, and the prompt is sent when the session is open', async () => {
    const { agent } = launch(supervisor, 'me', order)
    expect(agent.phase.status).toBe('opening')
    const session = await opened()
    expect(session.sent).toMatchObject([{ type: 'prompt', text: 'do it' }])
  })

  test('the same request id never launches twice, within a project', () => {
    const first = launch(supervisor, 'me', { ...order, requestId: 'r1' })
    connect('reconnected')
    const second = launch(supervisor, 'reconnected', { ...order, requestId: 'r1' })
    connect('elsewhere', '/q')
    const third = launch(supervisor, 'elsewhere', { ...order, requestId: 'r1' })
    expect(second).toMatchObject({ repeated: true, agent: { profile: { id: first.agent.profile.id } } })
    expect(third.repeated).toBe(false)
    expect(driver.sessions).toHaveLength(2)
  })

  test.each<[string, Partial<LaunchOrder>]>([
    ['invalid-parameter', { prompt: '  ' }],
    ['invalid-parameter', { prompt: 'x'.repeat(4_000_001) }],
    ['unknown-category', { category: 'cooking' }],
    ['model-without-provider', { model: 'opus' }],
    ['model-without-provider', { effort: 'high' }],
    ['effort-without-model', { provider: 'claude', effort: 'high' }],
    ['unknown-provider', { provider: 'hal' }],
    ['invalid-parameter', { provider: 'claude', model: 'opus', effort: 'extreme' }],
  ])('refuses with %s and launches nothing: %o', (code, part) => {
    expect(codeOf(() => launch(supervisor, 'me', { ...order, ...part }))).toBe(code)
    expect(supervisor.fleet().agents.size).toBe(0)
  })

  test('what preflight finds is refused before anything is launched', () => {
    driver.preflightFailure = { reason: 'not-installed', message: 'no claude', hint: 'install it' }
    expect(codeOf(() => launch(supervisor, 'me', order))).toBe('not-installed')
    expect(supervisor.fleet().agents.size).toBe(0)
  })

  test('a driver that breaks its promise and throws does not leave the agent opening', async () => {
    driver.open = () => Promise.reject(new Error('bug'))
    const { agent } = launch(supervisor, 'me', order)
    await new Promise(setImmediate)
    expect(findAgent(supervisor, agent.profile.id).phase).toMatchObject({
      status: 'ended',
      ending: { type: 'failed' },
    })
  })
})

describe('wait', () => {
  test('ends when an agent finishes, tells it once, and names who still runs', async () => {
    const [one, two] = [await launched(), await launched()]
    const wait = waiting()
    one.session.finish()
    expect(await told(wait)).toEqual({ type: 'done', news: [[one.id, 'turn']], known: [], running: [two.id] })
    const again = waiting()
    two.session.finish()
    expect(await told(again)).toMatchObject({ news: [[two.id, 'turn']] })
    expect(await told(waiting())).toEqual({ type: 'done', news: [], known: [], running: [] })
  })

  test('a named agent of which all was told returns at once, marked so', async () => {
    const { id, session } = await launched()
    session.finish()
    await waiting()
    expect(await told(waiting({ agentIds: [id] }))).toMatchObject({ news: [], known: [id] })
  })

  test('each caller is told by itself', async () => {
    const { id, session } = await launched()
    connect('you')
    session.finish()
    await waiting()
    expect(await told(waiting({ caller: 'you', agentIds: [id] }))).toMatchObject({ news: [[id, 'turn']] })
  })

  test('until all waits for all; a question ends it', async () => {
    const [one, two] = [await launched(), await launched()]
    const all = waiting({ until: 'all' })
    one.session.finish()
    two.session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    expect(await told(all)).toMatchObject({
      news: [
        [one.id, 'turn'],
        [two.id, 'approval'],
      ],
      running: [],
    })
  })

  test('no answer is lost when the next queued message starts its turn at once', async () => {
    const { id, session } = await launched()
    sendMessage(supervisor, { agentId: id, text: 'second', steer: false })
    session.finish('first answer')
    const result = await waiting()
    expect(result).toMatchObject({
      outcome: { news: [{ reports: [{ turn: { outcome: { answer: 'first answer' } } }] }] },
    })
    const next = waiting()
    session.finish('second answer')
    expect(await next).toMatchObject({ outcome: { news: [{ reports: [{ number: 2 }] }] } })
  })

  test('a cancelled wait takes nothing', async () => {
    const { id, session } = await launched()
    const cancel = new AbortController()
    const wait = waiting({}, cancel.signal)
    cancel.abort()
    expect(await wait).toEqual({ type: 'cancelled' })
    session.finish()
    expect(await told(waiting())).toMatchObject({ news: [[id, 'turn']] })
  })

  test('two waits at once both end, and one of them has the report', async () => {
    const { id, session } = await launched()
    const both = [told(waiting()), told(waiting())]
    session.finish()
    expect(await Promise.all(both)).toMatchObject([{ news: [[id, 'turn']] }, { news: [], running: [] }])
  })

  test('a wait that times out says who runs, at the exact time', async () => {
    const { id } = await launched()
    let ended = false
    const wait = waiting()
    void wait.then(() => (ended = true))
    clock.advance(899_999)
    await new Promise(setImmediate)
    expect(ended).toBe(false)
    clock.advance(1)
    expect(await told(wait)).toEqual({ type: 'timed-out', news: [], known: [], running: [id] })
  })

  test('by default it is for the own agents and those of the project whose caller is gone', async () => {
    connect('gone')
    connect('there')
    connect('foreign', '/q')
    const orphan = await launched('gone')
    await launched('there')
    await launched('foreign')
    const mine = await launched()
    supervisor.dispatch({ type: 'caller-disconnected', at: clock.now(), caller: 'gone' })
    supervisor.dispatch({ type: 'caller-disconnected', at: clock.now(), caller: 'foreign' })
    const wait = waiting()
    clock.advance(900_000)
    expect(await told(wait)).toMatchObject({ running: [orphan.id, mine.id] })
  })

  test('a question that was told and not answered ends no wait while others run, and is named at the end', async () => {
    const [asking, other] = [await launched(), await launched()]
    asking.session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    await waiting()
    const wait = waiting()
    other.session.finish()
    expect(await told(wait)).toMatchObject({ news: [[other.id, 'turn']], known: [asking.id] })
    expect(await told(waiting())).toMatchObject({ news: [], known: [asking.id] })
  })

  test('an answered question is no longer told', async () => {
    const { id, session } = await launched()
    session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    answerPermission(supervisor, { agentId: id, decision: 'deny', reason: 'no' })
    expect(session.sent.at(-1)).toEqual({ type: 'answer', requestId: 'p', decision: 'deny', reason: 'no' })
    const wait = waiting()
    session.finish()
    expect(await told(wait)).toMatchObject({ news: [[id, 'turn']] })
  })
})

describe('orders', () => {
  test('whoever stops an agent is not told again that it stopped', async () => {
    const { id } = await launched()
    connect('you')
    const agent = await stopAgent(supervisor, 'me', id)
    expect(agent.phase).toMatchObject({ status: 'ended', ending: { type: 'stopped' } })
    expect(await told(waiting({ agentIds: [id] }))).toMatchObject({ news: [], known: [id] })
    expect(await told(waiting({ caller: 'you', agentIds: [id] }))).toMatchObject({ news: [[id, 'ending']] })
  })

  test('a stop does not hide an answer that was not told yet', async () => {
    const { id, session } = await launched()
    session.finish()
    await stopAgent(supervisor, 'me', id)
    expect(await told(waiting())).toMatchObject({ news: [[id, 'turn', 'ending']] })
  })

  test('wrong orders are refused by name', async () => {
    const { id } = await launched()
    const to = (agentId: string, steer = false) => ({ agentId, text: 'hi', steer })
    expect(codeOf(() => sendMessage(supervisor, to('nobody')))).toBe('unknown-agent')
    expect(codeOf(() => sendMessage(supervisor, { ...to(id), text: '' }))).toBe('invalid-parameter')
    expect(codeOf(() => sendMessage(supervisor, to(id, true)))).toBe('not-supported')
    expect(codeOf(() => answerPermission(supervisor, { agentId: id, decision: 'allow' }))).toBe(
      'no-permission-pending',
    )
    await stopAgent(supervisor, 'me', id)
    expect(codeOf(() => sendMessage(supervisor, to(id)))).toBe('agent-dead')
  })

  test('a shutdown ends every agent, a running one as interrupted', async () => {
    const [running, idle] = [await launched(), await launched()]
    idle.session.finish()
    await shutDown(supervisor, 1000)
    const status = (id: string) =>
      agentStatus(findAgent(supervisor, id), { now: clock.now(), stalledAfter: 1 })
    expect([status(running.id), status(idle.id)]).toEqual(['interrupted', 'finished'])
  })
})

test('silence shows as stalled, ends no wait, and the stream takes it back', async () => {
  const { id, session } = await launched()
  const status = () => agentStatus(findAgent(supervisor, id), { now: clock.now(), stalledAfter: 600_000 })
  clock.advance(599_999)
  expect(status()).toBe('processing')
  clock.advance(1)
  expect(status()).toBe('stalled')
  session.sink({ type: 'text-delta', text: '.' })
  expect(status()).toBe('processing')
})

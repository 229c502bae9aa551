import { strictestCallerPermissions } from '@subagent-mcp/permissions'
import { beforeEach, describe, expect, test } from 'vitest'
import { stopAgent } from './end-agents.js'
import type { SessionCommand } from '@subagent-mcp/contract'
import { launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { answerPermission } from '../questions/answer-permission.js'
import { sendMessage } from './send-message.js'
import {
  createManualSupervisor,
  launchRequest,
  waitSummary,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { waitForReports } from './wait-for-reports.js'

let driver: ManualSupervisor['driver']
let clock: ManualSupervisor['clock']
let supervisor: ManualSupervisor['supervisor']
let connect: ManualSupervisor['connect']
let launched: ManualSupervisor['launched']
let waiting: ManualSupervisor['waiting']

beforeEach(() => {
  ;({ driver, clock, supervisor, connect, launched, waiting } = createManualSupervisor())
})

describe('wait', () => {
  test('ends when an agent finishes, reports it once, and lists the agents that still run', async () => {
    const [one, two] = [await launched(), await launched()]
    const wait = waiting()
    one.session.finish()
    expect(await waitSummary(wait)).toEqual({
      type: 'done',
      news: [[one.id, 'turn']],
      known: [],
      running: [two.id],
    })
    const again = waiting()
    two.session.finish()
    expect(await waitSummary(again)).toMatchObject({ news: [[two.id, 'turn']] })
    expect(await waitSummary(waiting())).toEqual({ type: 'done', news: [], known: [], running: [] })
  })

  test('a wait for an agent without new reports returns immediately, and marks the agent as known', async () => {
    const { id, session } = await launched()
    session.finish()
    await waiting()
    expect(await waitSummary(waiting({ agentIds: [id] }))).toMatchObject({ news: [], known: [id] })
  })

  test('each caller gets its own reports', async () => {
    const { id, session } = await launched()
    connect('you')
    session.finish()
    await waiting()
    expect(await waitSummary(waiting({ caller: 'you', agentIds: [id] }))).toMatchObject({
      news: [[id, 'turn']],
    })
  })

  test('until all waits for all; a question ends it', async () => {
    const [one, two] = [await launched(), await launched()]
    const all = waiting({ until: 'all' })
    one.session.finish()
    two.session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    expect(await waitSummary(all)).toMatchObject({
      news: [
        [one.id, 'turn'],
        [two.id, 'approval'],
      ],
      running: [],
    })
  })

  test('no answer is lost when the next queued message starts its turn immediately', async () => {
    const { id, session } = await launched()
    sendMessage(supervisor, { agentId: id, text: 'second', steer: false, caller: 'me' })
    session.finish('first answer')
    const result = await waiting()
    expect(result).toMatchObject({
      outcome: { news: [{ reports: [{ turn: { text: 'first answer' } }] }] },
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
    expect(await waitSummary(waiting())).toMatchObject({ news: [[id, 'turn']] })
  })

  test('of two waits for an agent the newer one ends with its report: a host may have given up the older one', async () => {
    const { id, session } = await launched()
    const both = [waitSummary(waiting()), waitSummary(waiting())]
    session.finish()
    expect(await Promise.all(both)).toMatchObject([{ news: [] }, { news: [[id, 'turn']] }])
  })

  test('an older wait ends with the report when the newer one was cancelled', async () => {
    const { id, session } = await launched()
    const older = waitSummary(waiting())
    const controller = new AbortController()
    const newer = waiting({}, controller.signal)
    controller.abort()
    await newer
    session.finish()
    expect(await older).toMatchObject({ news: [[id, 'turn']] })
  })

  test('a report that nobody has received is reported again', async () => {
    const { id, session } = await launched()
    session.finish()
    const query = { caller: 'me', until: 'any' } as const
    const { signal } = new AbortController()
    const lost = await waitForReports(supervisor, query, { timeout: 1, signal })
    expect(await waitSummary(waiting())).toMatchObject({ news: [] })
    if (lost.type !== 'cancelled') lost.lost(false)
    expect(await waitSummary(waiting())).toMatchObject({ news: [[id, 'turn']] })
    expect(await waitSummary(waiting())).toMatchObject({ news: [] })
  })

  test('reports that a disconnected caller has received are not reported to the next one', async () => {
    const { id, session } = await launched()
    session.finish()
    await waiting()
    supervisor.dispatch({ type: 'caller-disconnected', at: clock.now(), caller: 'me' })
    connect('next')
    expect(await waitSummary(waiting({ caller: 'next' }))).toMatchObject({ news: [], known: [] })
    expect(await waitSummary(waiting({ caller: 'next', agentIds: [id] }))).toMatchObject({ known: [id] })
  })

  test('a wait that times out lists the running agents, exactly at its time limit', async () => {
    const { id } = await launched()
    let ended = false
    const wait = waiting()
    void wait.then(() => (ended = true))
    clock.advance(899_999)
    await new Promise(setImmediate)
    expect(ended).toBe(false)
    clock.advance(1)
    expect(await waitSummary(wait)).toEqual({ type: 'timed-out', news: [], known: [], running: [id] })
  })

  test("by default a wait covers the caller's own agents, and those of disconnected callers in the project", async () => {
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
    expect(await waitSummary(wait)).toMatchObject({ running: [orphan.id, mine.id] })
  })

  test('a wait for an agent that is about to be opened again waits for it', async () => {
    const { agent } = launchSupervisedAgent(supervisor, 'me', launchRequest)
    const { id } = agent.profile
    const session = driver.sessions.at(-1)
    // It takes its time to close.
    const slow = {
      send: (command: SessionCommand) => session?.sent.push(command),
      close: () => Promise.resolve(),
    }
    await session?.open({ type: 'opened', session: slow })
    session?.sink({ type: 'session-identified', sessionId: 's1' })
    session?.finish()
    await waiting()
    supervisor.dispatch({ type: 'idle-expired', at: clock.now(), agentId: id })
    sendMessage(supervisor, { agentId: id, text: 'again', steer: false, caller: 'me' })
    const { signal } = new AbortController()
    const query = { caller: 'me', agentIds: [id], until: 'all' } as const
    const wait = waitForReports(supervisor, query, { timeout: 1, signal })
    clock.advance(1)
    expect(await waitSummary(wait)).toMatchObject({ type: 'timed-out', running: [id] })
  })

  test('the launcher of an agent gets the reports that a disconnected session has received', async () => {
    const { id, session } = await launched()
    connect('other')
    session.finish()
    await waiting({ caller: 'other', agentIds: [id] })
    supervisor.dispatch({ type: 'caller-disconnected', at: clock.now(), caller: 'other' })
    expect(await waitSummary(waiting())).toMatchObject({ news: [[id, 'turn']] })
  })

  test('a host learns that somebody else, as a person at a terminal, has stopped its agent', async () => {
    const { id } = await launched()
    const wait = waiting()
    await stopAgent(supervisor, 'nobody that is connected', id)
    expect(await waitSummary(wait)).toMatchObject({ news: [[id, 'ending']] })
  })

  test("what a person launched from a terminal is no host's to wait for, unless by its id", async () => {
    const at = clock.now()
    supervisor.dispatch({
      type: 'caller-connected',
      at,
      caller: 'shell',
      project: '/p',
      depth: 0,
      authority: strictestCallerPermissions,
      terminal: true,
    })
    const { id, session } = await launched('shell')
    supervisor.dispatch({ type: 'caller-disconnected', at, caller: 'shell' })
    expect(await waitSummary(waiting())).toEqual({ type: 'done', news: [], known: [], running: [] })
    session.finish()
    expect(await waitSummary(waiting({ agentIds: [id] }))).toMatchObject({ news: [[id, 'turn']] })
  })

  test('a reported, unanswered question ends no wait while others run, and is listed at the end', async () => {
    const [asking, other] = [await launched(), await launched()]
    asking.session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    await waiting()
    const wait = waiting()
    other.session.finish()
    expect(await waitSummary(wait)).toMatchObject({ news: [[other.id, 'turn']], known: [asking.id] })
    expect(await waitSummary(waiting())).toMatchObject({ news: [], known: [asking.id] })
  })

  test('an answered question is no longer reported', async () => {
    const { id, session } = await launched()
    session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    answerPermission(supervisor, { agentId: id, decision: 'deny', reason: 'no', by: 'http', who: 'me' })
    expect(session.sent.at(-1)).toEqual({ type: 'answer', requestId: 'p', decision: 'deny', reason: 'no' })
    const wait = waiting()
    session.finish()
    expect(await waitSummary(wait)).toMatchObject({ news: [[id, 'turn']] })
  })
})

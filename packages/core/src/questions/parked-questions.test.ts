import { describe, expect, test } from 'vitest'
import { computeAgentStatus, willAgentReportUnprompted } from '../agent/agent-view.js'
import { disconnectCaller } from '../requests/caller-connection.js'
import {
  codeOf,
  createManualSupervisor,
  launchRequest,
  waitSummary,
} from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName, launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import { sendMessage } from '../requests/send-message.js'
import { parkedQuestionDenialReason } from './parked-questions.js'
import {
  agentOf,
  answer,
  asks,
  attend,
  idsOf,
  minutes,
  parked,
  promptsIn,
  restarted,
  start,
} from './parked-questions.test.support.js'
import { answersIn, askIn } from './questions.test.support.js'
import { listAnswerableQuestions } from '../agent/reports.js'
import type { ToolCallRuling } from './tool-call-ruling.js'

describe('a question that nobody answers in time', () => {
  test('stays open: the agent learns that, rests, and its process may end', async () => {
    const manual = await parked()
    expect(answersIn(manual.session)).toMatchObject([
      {
        requestId: 'p1',
        decision: 'deny',
        reason: parkedQuestionDenialReason,
      },
    ])
    expect(listAnswerableQuestions(agentOf(manual))).toMatchObject([
      { requestId: 'parked-2', tool: 'Bash', input: { command: 'make' }, by: 'preset ask', parked: true },
    ])
    expect(listAnswerableQuestions(agentOf(manual))[0]).not.toHaveProperty('until')
    expect(willAgentReportUnprompted(agentOf(manual))).toBe(false)
    manual.clock.advance(10 * minutes)
    await new Promise(setImmediate)
    expect(manual.session.closed()).toBe('graceful')
    expect(idsOf(manual)).toEqual(['parked-2'])
    expect(
      manual.journal.records.map(({ requestId, event, through }) => [requestId, event, through]),
    ).toEqual([
      ['p1', 'asked', undefined],
      ['p1', 'denied', 'deadline'],
      ['parked-2', 'asked', undefined],
    ])
  })

  test('is reported to the next wait, once', async () => {
    const manual = await parked()
    const first = await waitSummary(manual.waiting({ caller: 'person' }))
    expect(first).toMatchObject({ news: [[manual.id, 'approval', 'turn']] })
    expect(await waitSummary(manual.waiting({ caller: 'person' }))).toMatchObject({ news: [], running: [] })
  })

  test('is denied for good where no person launched the agent, or the user says so', async () => {
    const manual = createManualSupervisor({}, { answerWithin: 5 * minutes })
    const { id, session } = await manual.launched()
    askIn(session)
    manual.clock.advance(5 * minutes)
    expect(answersIn(session)[0]?.reason).toMatch(/^nobody answered in time: do without it/)
    expect(listAnswerableQuestions(findAgentByIdOrName(manual.supervisor, id))).toEqual([])
    attend(manual)
    const { agent: kept } = launchSupervisedAgent(manual.supervisor, 'person', {
      ...launchRequest,
      unanswered: 'deny',
    })
    expect(kept.profile.unanswered).toBeUndefined()
    for (const [unanswered, expected] of [
      ['deny', undefined],
      ['park', 'park'],
    ] as const) {
      const other = createManualSupervisor()
      Object.assign(other.supervisor, { unanswered })
      const { agent } = launchSupervisedAgent(other.supervisor, 'me', launchRequest)
      expect(agent.profile.unanswered).toBe(expected)
    }
  })

  test('is kept once, however often it is asked', async () => {
    const manual = await start()
    for (const requestId of ['p1', 'p2', 'p3']) {
      askIn(manual.session, requestId, requestId === 'p3' ? 'other' : 'make')
      manual.clock.advance(5 * minutes)
    }
    expect(listAnswerableQuestions(agentOf(manual)).map(({ input }) => input)).toEqual([
      { command: 'make' },
      { command: 'other' },
    ])
  })

  test('is denied for good once there are twenty', async () => {
    const manual = await start()
    for (let count = 1; count <= 21; count += 1) {
      askIn(manual.session, `p${count}`, `make ${count}`)
      manual.clock.advance(5 * minutes)
    }
    expect(idsOf(manual)).toHaveLength(20)
    expect(answersIn(manual.session).at(-1)?.reason).toMatch(/^nobody answered in time: do without it/)
  })

  test('is withdrawn with an agent that is stopped', async () => {
    const manual = await parked()
    manual.supervisor.dispatch({
      type: 'stop-requested',
      at: manual.clock.now(),
      agentId: manual.id,
      by: 'me',
    })
    expect(idsOf(manual)).toEqual([])
    expect(manual.journal.records.at(-1)).toMatchObject({ requestId: 'parked-2', event: 'withdrawn' })
    expect(codeOf(() => answer(manual))).toBe('no-permission-pending')
  })
})

describe('a later answer', () => {
  test('wakes an agent whose process has ended, in its session; the same call is allowed once', async () => {
    const manual = await parked()
    manual.clock.advance(10 * minutes)
    await new Promise(setImmediate)
    answer(manual)
    const session = await manual.opened()
    expect(session.spec).toMatchObject({ resumeSessionId: 's1' })
    expect(promptsIn(session)).toEqual([expect.stringMatching(/you may do this now[^]*"command":"make"/)])
    askIn(session, 'q1', 'make all')
    askIn(session, 'q2', 'make')
    askIn(session, 'q3', 'make')
    expect(answersIn(session)).toEqual([{ type: 'answer', requestId: 'q2', decision: 'allow' }])
    expect(idsOf(manual)).toEqual(['q1', 'q3'])
    expect(manual.journal.records.filter(({ event }) => event === 'allowed')).toMatchObject([
      { requestId: 'parked-2', through: 'terminal', who: 'me' },
      { requestId: 'q2', through: 'policy', why: 'me allowed it before' },
    ])
  })

  test('that is a no tells why, and allows nothing', async () => {
    const manual = await parked()
    answer(manual, { decision: 'deny', reason: 'not on Fridays' })
    expect(promptsIn(manual.session).at(-1)).toMatch(/this is not allowed. The reason: not on Fridays/)
    askIn(manual.session, 'q1', 'make')
    expect(idsOf(manual)).toEqual(['q1'])
  })

  test('waits for its turn where the agent is at work again, and counts in that one too', async () => {
    const manual = await parked()
    sendMessage(manual.supervisor, { agentId: manual.id, text: 'go on', steer: false, caller: 'person' })
    answer(manual)
    expect(promptsIn(manual.session)).toHaveLength(2)
    manual.session.finish()
    expect(promptsIn(manual.session).at(-1)).toContain('you may do this now')
    askIn(manual.session, 'q1', 'make')
    expect(answersIn(manual.session).at(-1)).toMatchObject({ requestId: 'q1', decision: 'allow' })
  })

  test('is worth no more than the turn that tells it', async () => {
    const manual = await parked()
    answer(manual)
    manual.session.finish()
    sendMessage(manual.supervisor, { agentId: manual.id, text: 'go on', steer: false, caller: 'person' })
    askIn(manual.session, 'q1', 'make')
    expect(idsOf(manual)).toEqual(['q1'])
  })

  test('gives nothing that the policy denies by then', async () => {
    let verdict: ToolCallRuling = asks
    const manual = await parked(() => verdict)
    answer(manual)
    verdict = { verdict: 'deny', by: 'rule Bash(make)' }
    askIn(manual.session, 'q1', 'make')
    expect(answersIn(manual.session).at(-1)).toMatchObject({ requestId: 'q1', decision: 'deny' })
  })

  test('of a model does not count for what only a person may allow', async () => {
    const manual = await parked(() => ({ verdict: 'ask', by: 'force push', humanOnly: true }))
    expect(codeOf(() => answer(manual, { by: 'tool', requestId: 'parked-2' }))).toBe('needs-person')
    answer(manual)
    expect(idsOf(manual)).toEqual([])
  })

  test('of a model is worth nothing where only a person may allow the call by then', async () => {
    for (const by of ['tool', 'http', 'terminal'] as const) {
      let verdict: ToolCallRuling = asks
      const manual = await parked(() => verdict)
      answer(manual, { by, requestId: 'parked-2' })
      verdict = { ...asks, humanOnly: true }
      askIn(manual.session, 'q1', 'make')
      expect(idsOf(manual)).toEqual(by === 'terminal' ? [] : ['q1'])
    }
  })

  test('needs a caller that is there, whose environment the session gets', async () => {
    const manual = await parked()
    disconnectCaller(manual.supervisor, 'person')
    expect(codeOf(() => answer(manual))).toBe('invalid-parameter')
    expect(codeOf(() => answer(manual, { caller: 'me' }))).toBe('no error')
  })

  test('that the disk refuses has not been given', async () => {
    const manual = await parked()
    manual.journal.full = true
    expect(codeOf(() => answer(manual))).toBe('io-failed')
    manual.journal.full = false
    expect(idsOf(manual)).toEqual(['parked-2'])
    answer(manual)
    expect(codeOf(() => answer(manual))).toBe('no-permission-pending')
  })
})

describe('after a restart', () => {
  test('a parked question is there, and its answer wakes the agent', async () => {
    const next = restarted(await parked())
    expect(idsOf(next)).toEqual(['parked-2'])
    answer(next)
    const session = await next.opened()
    expect(session.spec).toMatchObject({ resumeSessionId: 's1' })
    askIn(session, 'q1', 'make')
    expect(answersIn(session)).toMatchObject([{ requestId: 'q1', decision: 'allow' }])
  })

  test('a question that was open when its supervisor died, or ended in order, is parked', async () => {
    for (const ends of ['dies', 'ends'] as const) {
      const manual = await start()
      askIn(manual.session)
      if (ends === 'ends')
        manual.supervisor.dispatch({ type: 'shutdown-requested', at: manual.clock.now(), agentId: manual.id })
      const next = restarted(manual)
      expect(computeAgentStatus(agentOf(next), { now: 0, stalledAfter: 1 })).toBe('interrupted')
      expect(listAnswerableQuestions(agentOf(next))).toMatchObject([
        { input: { command: 'make' }, parked: true },
      ])
      answer(next)
      expect(promptsIn(await next.opened())).toEqual([expect.stringContaining('you may do this now')])
    }
  })

  test('a replay gives the same agent, with its yes', async () => {
    const manual = await parked()
    answer(manual)
    expect(agentOf(manual).granted).toMatchObject([{ tool: 'Bash', input: { command: 'make' }, who: 'me' }])
    manual.session.finish()
    const { answered, turns, reports } = agentOf(manual)
    const kept = turns.map(({ text: _, ...turn }) => turn)
    expect(agentOf(restarted(manual))).toMatchObject({
      ...{ granted: [], parked: [], answered, turns: kept, reports },
    })
  })
})

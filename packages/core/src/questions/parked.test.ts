import { describe, expect, test } from 'vitest'
import { agentStatus, isRunning } from '../agent/agent-view.js'
import { disconnectCaller } from '../requests/caller-connection.js'
import { codeOf, createHandHouse, order, told } from '../supervisor/manual-supervisor.test.support.js'
import { findAgent, launch } from '../launch/launch.js'
import { sendMessage } from '../requests/send-message.js'
import { parkedReason } from './parked.js'
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
} from './parked.test.support.js'
import { answersIn, askIn } from './questions.test.support.js'
import { askedQuestions } from '../agent/reports.js'
import type { Verdict } from './ruling.js'

describe('a question that nobody answers in time', () => {
  test('stays open: the agent is told so, rests, and its process may end', async () => {
    const house = await parked()
    expect(answersIn(house.session)).toMatchObject([
      {
        requestId: 'p1',
        decision: 'deny',
        reason: parkedReason,
      },
    ])
    expect(askedQuestions(agentOf(house))).toMatchObject([
      { requestId: 'parked-2', tool: 'Bash', input: { command: 'make' }, by: 'preset ask', parked: true },
    ])
    expect(askedQuestions(agentOf(house))[0]).not.toHaveProperty('until')
    expect(isRunning(agentOf(house))).toBe(false)
    house.clock.advance(10 * minutes)
    await new Promise(setImmediate)
    expect(house.session.closed()).toBe('graceful')
    expect(idsOf(house)).toEqual(['parked-2'])
    expect(house.journal.records.map(({ requestId, event, through }) => [requestId, event, through])).toEqual(
      [
        ['p1', 'asked', undefined],
        ['p1', 'denied', 'deadline'],
        ['parked-2', 'asked', undefined],
      ],
    )
  })

  test('is told to the next wait, once', async () => {
    const house = await parked()
    const first = await told(house.waiting({ caller: 'person' }))
    expect(first).toMatchObject({ news: [[house.id, 'approval', 'turn']] })
    expect(await told(house.waiting({ caller: 'person' }))).toMatchObject({ news: [], running: [] })
  })

  test('is denied for good where no person launched the agent, or the user says so', async () => {
    const house = createHandHouse({}, { answerWithin: 5 * minutes })
    const { id, session } = await house.launched()
    askIn(session)
    house.clock.advance(5 * minutes)
    expect(answersIn(session)[0]?.reason).toMatch(/^nobody answered in time: do without it/)
    expect(askedQuestions(findAgent(house.supervisor, id))).toEqual([])
    attend(house)
    const { agent: kept } = launch(house.supervisor, 'person', { ...order, unanswered: 'deny' })
    expect(kept.profile.unanswered).toBeUndefined()
    for (const [unanswered, expected] of [
      ['deny', undefined],
      ['park', 'park'],
    ] as const) {
      const other = createHandHouse()
      Object.assign(other.supervisor, { unanswered })
      const { agent } = launch(other.supervisor, 'me', order)
      expect(agent.profile.unanswered).toBe(expected)
    }
  })

  test('is kept once, however often it is asked', async () => {
    const house = await start()
    for (const requestId of ['p1', 'p2', 'p3']) {
      askIn(house.session, requestId, requestId === 'p3' ? 'other' : 'make')
      house.clock.advance(5 * minutes)
    }
    expect(askedQuestions(agentOf(house)).map(({ input }) => input)).toEqual([
      { command: 'make' },
      { command: 'other' },
    ])
  })

  test('is denied for good once there are twenty', async () => {
    const house = await start()
    for (let count = 1; count <= 21; count += 1) {
      askIn(house.session, `p${count}`, `make ${count}`)
      house.clock.advance(5 * minutes)
    }
    expect(idsOf(house)).toHaveLength(20)
    expect(answersIn(house.session).at(-1)?.reason).toMatch(/^nobody answered in time: do without it/)
  })

  test('is withdrawn with an agent that is stopped', async () => {
    const house = await parked()
    house.supervisor.dispatch({ type: 'stop-requested', at: house.clock.now(), agentId: house.id, by: 'me' })
    expect(idsOf(house)).toEqual([])
    expect(house.journal.records.at(-1)).toMatchObject({ requestId: 'parked-2', event: 'withdrawn' })
    expect(codeOf(() => answer(house))).toBe('no-permission-pending')
  })
})

describe('a later answer', () => {
  test('wakes an agent whose process has ended, in its session; the same call is allowed once', async () => {
    const house = await parked()
    house.clock.advance(10 * minutes)
    await new Promise(setImmediate)
    answer(house)
    const session = await house.opened()
    expect(session.spec).toMatchObject({ resumeSessionId: 's1' })
    expect(promptsIn(session)).toEqual([expect.stringMatching(/you may do this now[^]*"command":"make"/)])
    askIn(session, 'q1', 'make all')
    askIn(session, 'q2', 'make')
    askIn(session, 'q3', 'make')
    expect(answersIn(session)).toEqual([{ type: 'answer', requestId: 'q2', decision: 'allow' }])
    expect(idsOf(house)).toEqual(['q1', 'q3'])
    expect(house.journal.records.filter(({ event }) => event === 'allowed')).toMatchObject([
      { requestId: 'parked-2', through: 'terminal', who: 'me' },
      { requestId: 'q2', through: 'policy', why: 'me allowed it before' },
    ])
  })

  test('that is a no tells why, and allows nothing', async () => {
    const house = await parked()
    answer(house, { decision: 'deny', reason: 'not on Fridays' })
    expect(promptsIn(house.session).at(-1)).toMatch(/this is not allowed. The reason: not on Fridays/)
    askIn(house.session, 'q1', 'make')
    expect(idsOf(house)).toEqual(['q1'])
  })

  test('waits for its turn where the agent is at work again, and counts in that one too', async () => {
    const house = await parked()
    sendMessage(house.supervisor, { agentId: house.id, text: 'go on', steer: false, caller: 'person' })
    answer(house)
    expect(promptsIn(house.session)).toHaveLength(2)
    house.session.finish()
    expect(promptsIn(house.session).at(-1)).toContain('you may do this now')
    askIn(house.session, 'q1', 'make')
    expect(answersIn(house.session).at(-1)).toMatchObject({ requestId: 'q1', decision: 'allow' })
  })

  test('is worth no more than the turn that tells it', async () => {
    const house = await parked()
    answer(house)
    house.session.finish()
    sendMessage(house.supervisor, { agentId: house.id, text: 'go on', steer: false, caller: 'person' })
    askIn(house.session, 'q1', 'make')
    expect(idsOf(house)).toEqual(['q1'])
  })

  test('gives nothing that the policy denies by then', async () => {
    let verdict: Verdict = asks
    const house = await parked(() => verdict)
    answer(house)
    verdict = { verdict: 'deny', by: 'rule Bash(make)' }
    askIn(house.session, 'q1', 'make')
    expect(answersIn(house.session).at(-1)).toMatchObject({ requestId: 'q1', decision: 'deny' })
  })

  test('of a model does not count for what only a person may allow', async () => {
    const house = await parked(() => ({ verdict: 'ask', by: 'force push', humanOnly: true }))
    expect(codeOf(() => answer(house, { by: 'tool', requestId: 'parked-2' }))).toBe('needs-person')
    answer(house)
    expect(idsOf(house)).toEqual([])
  })

  test('of a model is worth nothing where only a person may allow the call by then', async () => {
    for (const by of ['tool', 'http', 'terminal'] as const) {
      let verdict: Verdict = asks
      const house = await parked(() => verdict)
      answer(house, { by, requestId: 'parked-2' })
      verdict = { ...asks, humanOnly: true }
      askIn(house.session, 'q1', 'make')
      expect(idsOf(house)).toEqual(by === 'terminal' ? [] : ['q1'])
    }
  })

  test('needs a caller that is there, whose environment the session gets', async () => {
    const house = await parked()
    disconnectCaller(house.supervisor, 'person')
    expect(codeOf(() => answer(house))).toBe('invalid-parameter')
    expect(codeOf(() => answer(house, { caller: 'me' }))).toBe('no error')
  })

  test('that the disk refuses has not been given', async () => {
    const house = await parked()
    house.journal.full = true
    expect(codeOf(() => answer(house))).toBe('io-failed')
    house.journal.full = false
    expect(idsOf(house)).toEqual(['parked-2'])
    answer(house)
    expect(codeOf(() => answer(house))).toBe('no-permission-pending')
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
      const house = await start()
      askIn(house.session)
      if (ends === 'ends')
        house.supervisor.dispatch({ type: 'shutdown-requested', at: house.clock.now(), agentId: house.id })
      const next = restarted(house)
      expect(agentStatus(agentOf(next), { now: 0, stalledAfter: 1 })).toBe('interrupted')
      expect(askedQuestions(agentOf(next))).toMatchObject([{ input: { command: 'make' }, parked: true }])
      answer(next)
      expect(promptsIn(await next.opened())).toEqual([expect.stringContaining('you may do this now')])
    }
  })

  test('a replay gives the same agent, with its yes', async () => {
    const house = await parked()
    answer(house)
    expect(agentOf(house).granted).toMatchObject([{ tool: 'Bash', input: { command: 'make' }, who: 'me' }])
    house.session.finish()
    const { answered, turns, reports } = agentOf(house)
    expect(agentOf(restarted(house))).toMatchObject({ granted: [], parked: [], answered, turns, reports })
  })
})

import {
  checkForLeaks,
  describeDriver,
  failToOpen,
  thorough,
  startLimit,
  scaledToMachine,
} from '@subagent-mcp/testkit'
import { describe, expect, test } from 'vitest'
import { geminiProfile } from './gemini/gemini-profile.js'
import { fakeAgentProfile, fakeAgents, fakePrompts } from './fake-agents.test.support.js'

checkForLeaks()

const { start, opened } = fakeAgents()
const { plain, hanging, asking } = fakePrompts

for (const behaviour of ['well', 'newer'] as const) {
  describeDriver(`a fake agent that behaves: ${behaviour}`, {
    start: () => start(behaviour),
    prompts: {
      plain: { text: plain, answer: 'four' },
      asking: { text: asking, answer: 'went on' },
      hanging: { text: hanging },
      failing: { text: '[[status: 400 no]]', reason: 'bad-request' },
    },
    details: behaviour === 'well' ? {} : thorough,
  })
}

test('a person goes on with a session in the CLI itself, where it is known to be able to', () => {
  const { driver } = start('well', { profile: geminiProfile })
  expect(driver.nativeResume?.('an-id')).toEqual(['gemini', '--resume', 'an-id'])
  expect(start('well').driver.nativeResume).toBeUndefined()
})

describe('a fake agent that does not get ready', () => {
  test.each([
    ['dies-before-first-line', 'crashed', 'cannot start'],
    ['hangs-at-initialize', 'timed-out', 'get ready in time'],
    ['refuses-initialize', 'bad-request', 'not today'],
    ['hangs-at-session', 'timed-out', 'open a session in time'],
    ['refuses-session', 'bad-request', 'no room'],
    ['wants-sign-in', 'not-signed-in', 'Authentication required'],
  ] as const)('%s: fails to open as %s', async (behaviour, reason, words) => {
    const { driver, spec } = start(behaviour, { deadlineMs: behaviour.startsWith('hangs') ? 2_000 : 10_000 })
    const failure = await failToOpen(driver, spec)
    expect(failure.reason).toBe(reason)
    expect(`${failure.message} ${failure.stderrTail ?? ''}`).toContain(words)
  })

  test('is not where it is said to be', async () => {
    const { driver, spec } = start('well')
    const environment = { ...spec.environment, FAKE_PATH: '/nowhere/agent' }
    expect(await failToOpen(driver, { ...spec, environment })).toMatchObject({ reason: 'not-installed' })
    expect(driver.preflight(environment)).toMatchObject({ reason: 'not-installed' })
    expect(await driver.probe(environment)).toMatchObject({ installed: false })
    expect(await driver.models(environment)).toMatchObject({ type: 'failed' })
  })

  test('is signed in when it asks for it and the profile names the way', async () => {
    const { prompt, close } = await opened('wants-sign-in', {
      profile: { ...fakeAgentProfile, auth: 'fake-key' },
    })
    expect(await prompt(plain).end).toMatchObject({ type: 'completed' })
    await close()
  })
})

describe('a fake agent that misbehaves in a turn', () => {
  test.each(['rubbish', 'huge-line', 'answers-twice', 'unknown-request', 'other-session'] as const)(
    '%s: answers its prompt all the same, and the next',
    async (behaviour) => {
      const { prompt, close } = await opened(behaviour)
      expect(await prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
      expect(await prompt('[[say: five]]').end).toEqual({ type: 'completed', answer: 'five' })
      await close()
    },
  )

  test('dies in a turn: the turn and the session fail as crashed, with what it said last', async () => {
    const { prompt, record, close } = await opened('well')
    const { end } = prompt('[[say: begun]] [[cut]]')
    const failure = { reason: 'crashed', stderrTail: 'fake acp: out of memory\n' }
    expect(await end).toMatchObject({ type: 'failed', failure })
    expect(await record.next('session-closed')).toMatchObject({ failure })
    await close()
  })

  test('oversized-line: the session fails as protocol', async () => {
    const { prompt, record, close } = await opened('oversized-line')
    expect(await prompt(plain).end).toMatchObject({ type: 'failed', failure: { reason: 'protocol' } })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'protocol' } })
    await close()
  })

  test.each(['ignores-cancel', 'half-line'] as const)(
    '%s: can be closed, long before its deadline',
    async (behaviour) => {
      const { session, prompt, close } = await opened(behaviour)
      const { end } = prompt(hanging)
      const limit = startLimit(5_000)
      await session.close('kill')
      expect(await limit.isOver()).toBe(false)
      expect(await end).toEqual({ type: 'interrupted' })
      await close()
    },
  )

  test('ignores-cancel: the end of an interrupted turn has a deadline', async () => {
    const { session, prompt, record, close } = await opened('ignores-cancel', {
      deadlineMs: await scaledToMachine(1_000),
    })
    const { end } = prompt(hanging)
    await record.next('text-delta')
    session.send({ type: 'interrupt' })
    expect(await end).toMatchObject({ type: 'failed', failure: { reason: 'timed-out' } })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'timed-out' } })
    await close()
  })

  test.each(['graceful', 'kill'] as const)('ignores-term: goes with its grandchild: %s', async (mode) => {
    const { prompt, close } = await opened('ignores-term')
    const { end } = prompt(hanging)
    await close(mode)
    expect(await end).toEqual({ type: 'interrupted' })
  })

  test('late-history: what was said before is no answer', async () => {
    const { prompt, record, close } = await opened('late-history', {
      spec: { resumeSessionId: 'old' },
    })
    expect(await prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
    expect(record.events).not.toContainEqual(expect.objectContaining({ text: 'an old answer' }))
    await close()
  })

  test('allows-always: a tool is never allowed for good', async () => {
    const { session, prompt, record, close } = await opened('allows-always')
    const { end } = prompt(asking)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision: 'allow' })
    expect(await record.next('tool-ended')).toMatchObject({ failed: true })
    expect(await end).toEqual({ type: 'completed', answer: 'went on' })
    await close()
  })
})

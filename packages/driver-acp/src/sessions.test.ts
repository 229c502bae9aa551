import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import { checkForLeaks, driveSession, failToOpen } from '@subagent-mcp/testkit'
import { describe, expect, test } from 'vitest'
import { fakeAgents, geminiLikeProfile, fakePrompts } from './fake-agents.test.support.js'

checkForLeaks()

const { start, opened } = fakeAgents()
const { plain, hanging, asking } = fakePrompts

/** Opens and closes a session; returns the notes of its opening, and whether it is resumable. */
async function saidAt(driver: Driver, spec: SessionSpec) {
  const outcome = await driver.open(spec, () => undefined, new AbortController().signal)
  if (outcome.type === 'failed') throw new Error(JSON.stringify(outcome.failure))
  await outcome.session.close('graceful')
  return { notes: outcome.notes ?? [], resumable: outcome.resumable }
}

describe('sessions in one process', () => {
  test('are told when it dies, and the next gets a new one', async () => {
    const { driver, spec } = start('well')
    const [one, other] = [await driveSession(driver, spec), await driveSession(driver, spec)]
    const { end } = one.prompt('[[cut]]')
    expect(await end).toMatchObject({ type: 'failed', failure: { reason: 'crashed' } })
    expect(await other.record.next('session-closed')).toMatchObject({ failure: { reason: 'crashed' } })
    const next = await driveSession(driver, spec)
    expect(await next.prompt(plain).end).toMatchObject({ type: 'completed' })
    await Promise.all([one.close(), other.close(), next.close()])
  })

  test('go on when one of them closes, and end with one that will not', async () => {
    const { driver, spec } = start('ignores-cancel')
    const [one, other, third] = [
      await driveSession(driver, spec),
      await driveSession(driver, spec),
      await driveSession(driver, spec),
    ]
    await one.close('kill')
    expect(await other.prompt(plain).end).toMatchObject({ type: 'completed' })
    other.prompt(hanging)
    await other.record.next('text-delta')
    await other.close('kill')
    const { failure } = await third.record.next('session-closed')
    expect(failure?.message).toContain('another of its sessions would not close')
    await third.close()
  })

  test('say what an agent does unasked that is to ask for all, where it is only to read', async () => {
    const { driver, spec } = start('well', { profile: geminiLikeProfile })
    const note = 'fake does not ask for what it lets pass by itself: rules about these do not hold there'
    for (const [permissions, notes] of [
      ['read-only', [note]],
      ['ask', []],
    ] as const)
      expect(await saidAt(driver, { ...spec, asksAll: true, permissions })).toMatchObject({ notes })
  })

  test('share it only with those of their key, and not with those that are to leave nothing', async () => {
    const { driver, spec } = start('well')
    const specs = [spec, spec, { ...spec, processKey: 'k' }, { ...spec, processKey: 'k', ephemeral: true }]
    const sessions = await Promise.all(specs.map((one) => driveSession(driver, one)))
    const [first, second, ...others] = sessions.map(({ opened }) => opened.pid)
    expect(second).toBe(first)
    expect(new Set([first, ...others]).size).toBe(3)
    await Promise.all(sessions.map(({ close }) => close()))
  })

  test('are not taken up by another while they are open', async () => {
    const { driver, spec } = start('well')
    const one = await driveSession(driver, spec)
    const { sessionId } = await one.record.next('session-identified')
    expect(await failToOpen(driver, { ...spec, resumeSessionId: sessionId })).toMatchObject({
      reason: 'bad-request',
    })
    expect(await one.prompt(plain).end).toMatchObject({ type: 'completed' })
    await one.close()
  })

  test('keep their turn when they are told to forget in the midst of it', async () => {
    const { session, prompt, record, close } = await opened('well')
    const { end } = prompt(asking)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'reset' })
    session.send({ type: 'answer', requestId, decision: 'allow' })
    expect(await end).toMatchObject({ type: 'completed' })
    await close()
  })

  test('forget each on its own; one that cannot ends', async () => {
    const { session, prompt, record, close } = await opened('refuses-second-session')
    await prompt(plain).end
    session.send({ type: 'reset' })
    const outcome = await prompt(plain).end
    expect(outcome.type === 'failed' && outcome.failure.message).toContain('no room')
    const { failure } = await record.next('session-closed')
    expect(failure?.message).toContain('no room')
    await close()
  })

  test('takes a prompt that comes before the reset is done to the new session', async () => {
    const { session, prompt, record, close } = await opened('well')
    const { sessionId } = await record.next('session-identified')
    session.send({ type: 'reset' })
    expect(await prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
    expect((await record.next('session-identified')).sessionId).not.toBe(sessionId)
    await close()
  })
})

describe('a session has', () => {
  const gemini = { profile: geminiLikeProfile }

  test.each([
    [{}, 'gemini-3.1-pro-preview'],
    [{ model: 'flash' }, 'gemini-3.8-flash'],
    [{ model: 'gemini-2.5-pro' }, 'gemini-2.5-pro'],
    [{ model: 'auto' }, 'auto'],
  ])('the model that is asked for: %o', async (spec, model) => {
    const { record, close } = await opened('well', { ...gemini, spec })
    expect(await record.next('session-identified')).toMatchObject({ model })
    await close()
  })

  test('no model that is not there', async () => {
    const { driver, spec } = start('well', gemini)
    const failure = await failToOpen(driver, { ...spec, model: 'opus' })
    expect(failure.reason).toBe('model-unavailable')
    expect(failure.hint).toContain('gemini-3.8-flash = flash')
  })

  test('a model by config option', async () => {
    const { record, close } = await opened('newer', { spec: { model: 'large-1' } })
    expect(await record.next('session-identified')).toMatchObject({ model: 'large-1' })
    await close()
  })

  test('notes on what the agent cannot do', async () => {
    const { driver, spec } = start('plain')
    const { notes } = await saidAt(driver, {
      ...spec,
      model: 'any',
      effort: 'high',
      permissions: 'read-only',
    })
    expect(notes).toEqual([
      'fake takes no effort: it was left out',
      'fake takes no model: any was left out',
      'fake has no mode for read-only: it decides itself what it asks for',
    ])
    expect(await failToOpen(driver, { ...spec, resumeSessionId: 'old' })).toMatchObject({
      reason: 'bad-request',
    })
    expect(await failToOpen(driver, { ...spec, mcp: ['files'] })).toMatchObject({ reason: 'bad-request' })
  })

  test('no choice of tools where the agent is given none, and a note on what it keeps', async () => {
    const { driver, spec } = start('well')
    expect(driver.abilities.toolChoice).toBe(false)
    expect(await failToOpen(driver, { ...spec, tools: { without: ['shell'] } })).toMatchObject({
      reason: 'bad-request',
    })
    const { notes, resumable } = await saidAt(driver, { ...spec, ephemeral: true })
    expect([notes, resumable]).toEqual([
      ['what fake itself keeps on disk of a session stays there: it cannot be told not to'],
      false,
    ])
    expect(await failToOpen(driver, { ...spec, ephemeral: true, resumeSessionId: 'old' })).toMatchObject({
      reason: 'bad-request',
    })
  })

  test('no MCP server of its own that the agent cannot have', async () => {
    const { driver, spec } = start('well')
    const mcpServers = { web: { type: 'http', url: 'http://127.0.0.1:1' } }
    expect(await failToOpen(driver, { ...spec, mcpServers })).toMatchObject({
      message: 'fake takes no MCP server of the type http: web',
    })
  })

  test.each([
    ['well', true],
    ['plain', false],
  ] as const)('a second life only where the agent can load one: %s', async (behaviour, resumable) => {
    const { driver, spec } = start(behaviour)
    expect(await saidAt(driver, spec)).toMatchObject({ resumable })
  })

  test('no tool that asks when it may only read', async () => {
    const { prompt, record, close } = await opened('well', { ...gemini, spec: { permissions: 'read-only' } })
    expect(await prompt(asking).end).toEqual({ type: 'completed', answer: 'went on' })
    expect(await record.next('tool-ended')).toMatchObject({
      failed: true,
      output: 'this session may only read',
    })
    await close()
  })

  test('every tool when nothing is to be asked', async () => {
    const { prompt, record, close } = await opened('well', { ...gemini, spec: { permissions: 'full-auto' } })
    expect(await prompt(asking).end).toEqual({ type: 'completed', answer: 'went on' })
    expect(await record.next('tool-ended')).toMatchObject({ failed: false })
    expect(record.events).not.toContainEqual(expect.objectContaining({ type: 'approval-requested' }))
    await close()
  })

  test('what a newer agent says that it used', async () => {
    const { prompt, record, close } = await opened('newer')
    await prompt(plain).end
    expect(await record.next('usage-reported')).toMatchObject({
      usage: { inputTokens: 10, cachedInputTokens: 3, outputTokens: 5 },
    })
    await close()
  })
})

test('what a turn alone cost, in a session that was loaded too', async () => {
  const { prompt, record, close } = await opened('newer', { spec: { resumeSessionId: 'old' } })
  for (const turn of [1, 2]) {
    await prompt(plain).end
    expect((await record.next('usage-reported')).usage.costUsd, `turn ${turn}`).toBe(0.5)
  }
  await close()
})

test('an effort is left out, ultracode is refused', () => {
  const { driver } = start('well')
  expect(driver.effort('high', undefined)).toMatchObject({ type: 'none' })
  expect(driver.effort('ultracode', undefined)).toMatchObject({ type: 'refused' })
})

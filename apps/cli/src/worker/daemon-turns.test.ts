import type { ManualSession } from '@subagent-mcp/testkit'
import { describe, expect, test, vi } from 'vitest'
import { identified } from '../terminal/context.test.support.js'
import { endTurn, startHandTurns, turnIdOf, type HandTurns } from './hand-turns.test.support.js'

const usage = { inputTokens: 10, outputTokens: 2, costUsd: 0.5 }

/** A first turn, in a session that can be resumed. */
async function firstTurn({ run, session }: HandTurns, nth = 1): Promise<string> {
  const running = run()
  const opened = await session(nth)
  await opened.open()
  opened.sink(identified)
  opened.finish('one')
  const { session: id } = await running
  if (id === undefined) throw new Error('no session')
  return id
}

/** Waits until the nth message was given to a session. */
async function untilSent({ session }: HandTurns, count: number, nth = 1): Promise<void> {
  const { sent } = await session(nth)
  await vi.waitUntil(() => sent.filter(({ type }) => type === 'prompt').length >= count, { timeout: 15_000 })
}

describe('a warm session', () => {
  test('goes on in its process, and tells what each turn said and took', async () => {
    const hand = await startHandTurns()
    const id = await firstTurn(hand)
    const running = hand.run({ type: 'known', id })
    await untilSent(hand, 2)
    const session = await hand.session()
    session.sink({ type: 'usage-reported', turnId: turnIdOf(session.sent), usage })
    session.finish('two')
    expect(await running).toMatchObject({
      type: 'ended',
      session: id,
      model: 'claude/hand-1',
      text: 'two',
      usage,
    })
    expect(hand.desk.driver.sessions).toHaveLength(1)
    expect(session.closed()).toBeUndefined()
    expect(await hand.desk.client.agents()).toMatchObject([{ id, turnCount: 2 }])
  })

  test('is ended when it is of no use any more', async () => {
    const hand = await startHandTurns()
    await firstTurn(hand)
    const again = await firstTurn(hand, 2)
    expect((await hand.session()).closed()).toBe('graceful')
    expect(await hand.desk.client.agent(again)).toMatchObject({ agent: { alive: true } })
  })

  test('ends with the attendance', async () => {
    const hand = await startHandTurns()
    await firstTurn(hand)
    hand.attendance.leave()
    await vi.waitUntil(async () => (await hand.session()).closed() === 'graceful', { timeout: 15_000 })
  })
})

test('a session that is resumed closes after each turn, and is opened again', async () => {
  const hand = await startHandTurns('resume')
  const id = await firstTurn(hand)
  await vi.waitUntil(async () => (await hand.session()).closed() === 'graceful', { timeout: 15_000 })
  const running = hand.run({ type: 'known', id })
  const second = await hand.session(2)
  expect(second.spec.resumeSessionId).toBe('s-1')
  await second.open()
  second.finish('two')
  expect(await running).toMatchObject({ type: 'ended', session: id, text: 'two' })
})

describe('a known session', () => {
  test('a session that the daemon does not know is lost', async () => {
    const { run } = await startHandTurns()
    const outcome = await run({ type: 'known', id: 'zzzz' })
    expect(outcome).toMatchObject({ type: 'failed', sessionLost: true, failure: { reason: 'stopped' } })
  })

  test('that was killed is lost', async () => {
    const hand = await startHandTurns()
    const id = await firstTurn(hand)
    await hand.desk.client.kill(id)
    expect(await hand.run({ type: 'known', id })).toMatchObject({ type: 'failed', sessionLost: true })
  })

  test('that its CLI cannot resume is lost', async () => {
    const hand = await startHandTurns('resume')
    const id = await firstTurn(hand)
    const running = hand.run({ type: 'known', id })
    const failure = { reason: 'bad-request', message: 'no such session' } as const
    await (await hand.session(2)).open({ type: 'failed', failure })
    expect(await running).toMatchObject({ type: 'failed', sessionLost: true, failure })
  })

  test('that cannot be resumed for now is not', async () => {
    const hand = await startHandTurns('resume')
    const id = await firstTurn(hand)
    const running = hand.run({ type: 'known', id })
    const failure = { reason: 'not-signed-in', message: 'sign in' } as const
    await (await hand.session(2)).open({ type: 'failed', failure })
    const outcome = await running
    expect(outcome).toMatchObject({ type: 'failed', failure: { reason: 'not-signed-in' } })
    expect(outcome).not.toHaveProperty('sessionLost')
  })
})

describe('a turn', () => {
  test('that fails says why', async () => {
    const { run, session } = await startHandTurns()
    const running = run()
    const opened = await session()
    await opened.open()
    const failure = { reason: 'context-too-long', message: 'full' } as const
    endTurn(opened, { type: 'failed', failure })
    expect(await running).toMatchObject({ type: 'failed', failure })
  })

  test('that is refused says why', async () => {
    const { run, desk } = await startHandTurns()
    desk.driver.preflightFailure = { reason: 'not-installed', message: 'no claude here' }
    expect(await run()).toMatchObject({ type: 'failed', failure: { reason: 'not-installed' } })
  })

  test('a turn that exceeds its time limit is interrupted, and its session continues', async () => {
    const { run, session, desk } = await startHandTurns()
    const running = run({ type: 'new' }, { deadlineMs: 60_000 })
    const opened = await session()
    await opened.open()
    await advanceUntil(desk, () => isInterrupted(opened))
    endTurn(opened, { type: 'interrupted' })
    expect(await running).toMatchObject({ type: 'timed-out', session: 'a2' })
    expect(opened.closed()).toBeUndefined()
  })

  test('that does not heed it is killed', async () => {
    const { run, session, desk } = await startHandTurns()
    const running = run({ type: 'new' }, { deadlineMs: 60_000 })
    const opened = await session()
    await opened.open()
    await advanceUntil(desk, () => opened.closed() === 'kill')
    expect(isInterrupted(opened)).toBe(true)
    expect(await running).toEqual({ type: 'timed-out' })
  })

  test('that hangs before it has begun is killed', async () => {
    const { run, session, desk } = await startHandTurns()
    const running = run({ type: 'new' }, { deadlineMs: 60_000 })
    const opened = await session()
    await advanceUntil(desk, () => desk.supervisor.state().open.get('a2')?.phase.status === 'closing')
    await opened.open()
    expect(await running).toEqual({ type: 'timed-out' })
  })

  test('a turn that asks continues when it is answered', async () => {
    const { run, session, desk } = await startHandTurns()
    const running = run()
    const opened = await session()
    await opened.open()
    opened.sink({ type: 'approval-requested', requestId: 'q', tool: 'Bash', input: { command: 'ls' } })
    const { client } = desk
    await vi.waitUntil(async () => (await client.permissions()).length > 0, { timeout: 15_000 })
    await client.answer('a2', { decision: 'deny' })
    opened.finish('without it')
    await advanceUntil(desk, () => desk.supervisor.state().agents.get('a2')?.turns.length === 1)
    const over = running.then((outcome) => outcome.type)
    await vi.waitUntil(async () => {
      desk.clock.advance(500)
      return (await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 10))])) === 'ended'
    })
  })

  test('is stopped by the signal', async () => {
    const { run, session } = await startHandTurns()
    const stop = new AbortController()
    const running = run({ type: 'new' }, { signal: stop.signal })
    const opened = await session()
    await opened.open()
    stop.abort()
    await vi.waitUntil(() => isInterrupted(opened), { timeout: 15_000 })
    endTurn(opened, { type: 'interrupted' })
    expect(await running).toMatchObject({ type: 'stopped' })
  })

  test('that somebody kills is stopped', async () => {
    const { run, session, desk } = await startHandTurns()
    const running = run()
    await (await session()).open()
    const [agent] = await desk.client.agents()
    await desk.client.kill(agent?.id ?? '')
    expect(await running).toMatchObject({ type: 'stopped' })
  })

  test('a turn that the end of the daemon interrupts does not count as failed', async () => {
    const { run, session, desk } = await startHandTurns()
    const running = run().catch((error: unknown) => error)
    await (await session()).open()
    await desk.close()
    expect(await running).toMatchObject({ code: 'daemon-unreachable' })
  })
})

test('an attendance is one for all who ask, and is over when it is left', async () => {
  const { attendance, desk } = await startHandTurns()
  const [presence, same] = await Promise.all([attendance.present(), attendance.present()])
  expect(same).toBe(presence)
  expect(await desk.client.attendances()).toMatchObject([{ name: 'api', instance: presence.instance }])
  attendance.leave()
  await vi.waitUntil(() => !attendance.isNow(presence), { timeout: 15_000 })
  await vi.waitUntil(async () => (await desk.client.attendances()).length === 0, { timeout: 15_000 })
})

function isInterrupted({ sent }: ManualSession): boolean {
  return sent.some(({ type }) => type === 'interrupt')
}

/** Lets time pass until something is so. */
function advanceUntil({ clock }: HandTurns['desk'], isSo: () => boolean): Promise<true> {
  return vi.waitUntil(
    () => {
      clock.advance(1_000)
      return isSo()
    },
    { timeout: 15_000, interval: 2 },
  )
}

import type { ManualSession } from '@subagent-mcp/testkit'
import { describe, expect, test, vi } from 'vitest'
import { endTurn, startManualTurns, turnIdOf, type ManualTurns } from './manual-turns.test.support.js'

const usage = { inputTokens: 10, outputTokens: 2, costUsd: 0.5 }

/** Runs a first turn, in a session that can be resumed. Returns the id of the session. */
async function firstTurn({ run, session }: ManualTurns, nth = 1): Promise<string> {
  const running = run()
  const opened = await session(nth)
  await opened.open()
  opened.sink({ type: 'session-identified', sessionId: 's-1' })
  opened.finish('one')
  const { session: id } = await running
  if (id === undefined) throw new Error('no session')
  return id
}

function agentsOf({ runtime }: ManualTurns) {
  return [...runtime.supervisor.state().agents.values()]
}

describe('a warm session', () => {
  test('goes on in its process; each turn ends with its text and usage', async () => {
    const turns = startManualTurns()
    const id = await firstTurn(turns)
    const session = await turns.session()
    const running = turns.run({ type: 'known', id })
    await vi.waitUntil(() => session.sent.filter(({ type }) => type === 'prompt').length === 2)
    session.sink({ type: 'usage-reported', turnId: turnIdOf(session.sent), usage })
    session.finish('two')
    expect(await running).toMatchObject({
      ...{ type: 'ended', session: id, text: 'two', usage },
    })
    expect(turns.driver.sessions).toHaveLength(1)
    expect(session.closed()).toBeUndefined()
    expect(agentsOf(turns)).toHaveLength(1)
  })

  test('is closed when a new one replaces it', async () => {
    const turns = startManualTurns()
    await firstTurn(turns)
    await firstTurn(turns, 2)
    expect((await turns.session()).closed()).toBe('graceful')
    expect((await turns.session(2)).closed()).toBeUndefined()
  })
})

test('a session that is resumed closes after each turn, and is opened again', async () => {
  const turns = startManualTurns('resume')
  const id = await firstTurn(turns)
  await vi.waitUntil(async () => (await turns.session()).closed() === 'graceful')
  const running = turns.run({ type: 'known', id })
  const second = await turns.session(2)
  expect(second.spec.resumeSessionId).toBe('s-1')
  await second.open()
  second.finish('two')
  expect(await running).toMatchObject({ type: 'ended', session: id, text: 'two' })
})

describe('a known session', () => {
  test('is lost if the runtime does not know it', async () => {
    const outcome = await startManualTurns().run({ type: 'known', id: 'zzzz' })
    expect(outcome).toMatchObject({ type: 'failed', sessionLost: true, failure: { reason: 'stopped' } })
  })

  test('is lost if somebody killed it', async () => {
    const turns = startManualTurns()
    const id = await firstTurn(turns)
    await turns.connection.port.agents.kill(id)
    expect(await turns.run({ type: 'known', id })).toMatchObject({ type: 'failed', sessionLost: true })
  })

  test.each([
    ['is lost if its CLI cannot resume it', 'bad-request', { sessionLost: true }],
    ['is not lost if it cannot be resumed for now', 'not-signed-in', {}],
  ] as const)('%s', async (_title, reason, lost) => {
    const turns = startManualTurns('resume')
    const id = await firstTurn(turns)
    const running = turns.run({ type: 'known', id })
    const failure = { reason, message: 'no' }
    await (await turns.session(2)).open({ type: 'failed', failure })
    const { session: _, model: _model, ...outcome } = await running
    expect(outcome).toMatchObject({ type: 'failed', failure: { reason }, ...lost })
    expect('sessionLost' in outcome).toBe('sessionLost' in lost)
  })
})

describe('a turn', () => {
  test('fails with its reason', async () => {
    const { run, session } = startManualTurns()
    const running = run()
    const opened = await session()
    await opened.open()
    const failure = { reason: 'context-too-long', message: 'full' } as const
    endTurn(opened, { type: 'failed', failure })
    expect(await running).toMatchObject({ type: 'failed', failure })
  })

  test('that exceeds its time limit is interrupted, and its session continues', async () => {
    const turns = startManualTurns()
    const running = turns.run()
    const opened = await turns.session()
    await opened.open()
    await advanceUntil(turns, () => isInterrupted(opened))
    endTurn(opened, { type: 'interrupted' })
    expect(await running).toMatchObject({ type: 'timed-out' })
    expect(opened.closed()).toBeUndefined()
  })

  test('that ignores the interrupt is killed', async () => {
    const turns = startManualTurns()
    const running = turns.run()
    const opened = await turns.session()
    await opened.open()
    await advanceUntil(turns, () => opened.closed() === 'kill')
    expect(isInterrupted(opened)).toBe(true)
    expect(await running).toEqual({ type: 'timed-out' })
  })

  test('that asks continues when it is answered', async () => {
    const { run, session, connection } = startManualTurns()
    const running = run()
    const opened = await session()
    await opened.open()
    opened.sink({ type: 'approval-requested', requestId: 'q', tool: 'Bash', input: { command: 'rm x' } })
    const [agent] = connection.port.agents.list()
    connection.port.agents.answer({
      ...{ agentId: agent?.profile.id ?? '', decision: 'deny', by: 'terminal', who: 'me' },
    })
    opened.finish('without it')
    expect(await running).toMatchObject({ type: 'ended', text: 'without it' })
  })

  test('is stopped by the signal', async () => {
    const { run, session } = startManualTurns()
    const stop = new AbortController()
    const running = run({ type: 'new' }, { signal: stop.signal })
    const opened = await session()
    await opened.open()
    stop.abort()
    await vi.waitUntil(() => isInterrupted(opened))
    endTurn(opened, { type: 'interrupted' })
    expect(await running).toMatchObject({ type: 'stopped' })
  })

  test('has ended with its agent when a worker that ends immediately releases its messages', async () => {
    const turns = startManualTurns()
    const running = turns.run()
    const opened = await turns.session()
    await opened.open()
    turns.hurry.abort()
    expect(await running).toEqual({ type: 'stopped' })
    expect(isInterrupted(opened)).toBe(false)
    expect(agentsOf(turns)).toMatchObject([{ phase: { status: 'ended' } }])
  })

  test('that somebody kills is stopped', async () => {
    const turns = startManualTurns()
    const running = turns.run()
    await (await turns.session()).open()
    await turns.connection.port.agents.kill(agentsOf(turns)[0]?.profile.id ?? '')
    expect(await running).toMatchObject({ type: 'stopped' })
  })
})

function isInterrupted({ sent }: ManualSession): boolean {
  return sent.some(({ type }) => type === 'interrupt')
}

/** Lets time pass until a condition is true. */
function advanceUntil({ clock }: ManualTurns, isSo: () => boolean): Promise<true> {
  return vi.waitUntil(
    () => {
      clock.advance(1_000)
      return isSo()
    },
    { timeout: 15_000, interval: 2 },
  )
}

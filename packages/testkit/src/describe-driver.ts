import type { Driver, FailureReason, SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { driveSession, failToOpen, type DrivenSession } from './drive-session.js'

/** A driver under test, and what to say to what it drives. */
export type DriverSubject = {
  /** Called in each test: a driver of its own, and the session to open with it. */
  start(): { driver: Driver; spec: SessionSpec }
  prompts: DriverPrompts
}

/** Texts that a CLI, or the model behind it, answers as their names say. */
export type DriverPrompts = {
  plain: { text: string; answer: string }
  /** Uses a tool that must be allowed, then answers. */
  asking: { text: string; answer: string }
  /** Writes something, and then nothing more. */
  hanging: { text: string }
  failing: { text: string; reason: FailureReason }
  /** A message into a running turn, and the answer of that turn then. */
  steering: { text: string; answer: string }
}

/**
 * What every driver promises, as tests: called inside a test file, with fake CLIs and with the real ones.
 * What a driver's abilities leave out is not tested.
 */
export function describeDriver(name: string, subject: DriverSubject): void {
  describe(`${name}: the driver contract`, () => {
    describeTurns(subject)
    describeApprovals(subject)
    describeInterrupts(subject)
    describeSteering(subject)
    describeChanges(subject)
    describeEndings(subject)
    describeOpening(subject)
  })
}

const open = ({ start }: DriverSubject): Promise<DrivenSession> => {
  const { driver, spec } = start()
  return driveSession(driver, spec)
}

function describeTurns(subject: DriverSubject): void {
  const { plain, failing } = subject.prompts

  test('answers a prompt, says who it is, and closes without a failure', async () => {
    const { prompt, record, close } = await open(subject)
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    expect(typesOf(record.events)).toContain('session-identified')
    expect(record.events).toContainEqual({ type: 'message-ended', text: plain.answer })
    await close()
    expect(record.events.at(-1)).toEqual({ type: 'session-closed' })
  })

  test('gives each prompt its own end, in one session', async () => {
    const { prompt, record, close } = await open(subject)
    for (const turn of [1, 2, 3]) {
      expect(await prompt(plain.text).end, `turn ${turn}`).toMatchObject({ type: 'completed' })
    }
    await close()
    expect(typesOf(record.events).filter((type) => type === 'session-identified')).toHaveLength(1)
  })

  test('reports what each turn alone used, before its end', async () => {
    const { prompt, record, close } = await open(subject)
    await prompt(plain.text).end
    await prompt(plain.text).end
    const reports = [await record.next('usage-reported'), await record.next('usage-reported')]
    const [first, second] = reports.map(({ usage }) => usage.outputTokens ?? 0)
    expect(first).toBeGreaterThan(0)
    expect(second).toBe(first)
    const last = typesOf(record.events).slice(-2)
    expect(last).toEqual(['usage-reported', 'turn-ended'])
    await close()
  })

  test('ends a turn that failed with the reason, and takes the next prompt', async () => {
    const { prompt, close } = await open(subject)
    expect(await prompt(failing.text).end).toMatchObject({
      type: 'failed',
      failure: { reason: failing.reason },
    })
    expect(await prompt(plain.text).end).toMatchObject({ type: 'completed' })
    await close()
  })
}

function describeApprovals(subject: DriverSubject): void {
  const { asking } = subject.prompts

  test.each([
    ['runs a tool that is allowed', 'allow', false],
    ['does not run a tool that is denied', 'deny', true],
  ] as const)('%s', async (_, decision, failed) => {
    const { session, prompt, record, close } = await open(subject)
    const { end } = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision })
    expect(await record.next('tool-ended')).toMatchObject({ failed })
    expect(await end).toEqual({ type: 'completed', answer: asking.answer })
    await close()
  })

  test('takes an answer to a question that nobody asked', async () => {
    const { session, prompt, close } = await open(subject)
    session.send({ type: 'answer', requestId: 'nobody', decision: 'allow' })
    expect(await prompt(subject.prompts.plain.text).end).toMatchObject({ type: 'completed' })
    await close()
  })
}

function describeInterrupts(subject: DriverSubject): void {
  const { hanging, plain, asking } = subject.prompts

  test('interrupts a running turn, and takes the next prompt', async () => {
    const { session, prompt, record, close } = await open(subject)
    const { end } = prompt(hanging.text)
    await record.next('text-delta')
    session.send({ type: 'interrupt' })
    expect(await end).toEqual({ type: 'interrupted' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })

  test('interrupts a turn that has only just been asked for, time after time', async () => {
    const { session, prompt, close } = await open(subject)
    for (const delay of [0, 1, 2, 4]) {
      const { end } = prompt(hanging.text)
      await new Promise((resolve) => setTimeout(resolve, delay))
      session.send({ type: 'interrupt' })
      expect(await end, `after ${delay} ms`).toEqual({ type: 'interrupted' })
    }
    await close()
  })

  test('takes a question back when its turn is interrupted', async () => {
    const { session, prompt, record, close } = await open(subject)
    const { end } = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'interrupt' })
    expect(await end).toEqual({ type: 'interrupted' })
    expect(record.events).toContainEqual({ type: 'approval-withdrawn', requestId })
    await close()
  })

  test('does nothing for an interrupt between turns', async () => {
    const { session, prompt, close } = await open(subject)
    session.send({ type: 'interrupt' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })
}

function describeSteering(subject: DriverSubject): void {
  const { asking, steering, hanging, plain } = subject.prompts
  const steer = { type: 'steer', text: steering.text } as const

  test('puts a message into the running turn, which still has one end', async () => {
    const { session, prompt, record, close } = await open(subject)
    const { end } = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ ...steer, messageId: randomUUID() })
    session.send({ type: 'answer', requestId, decision: 'allow' })
    expect(await end).toEqual({ type: 'completed', answer: steering.answer })
    await close()
  })

  test('forgets a message that the turn had not taken in when it was interrupted', async () => {
    const { session, prompt, record, close } = await open(subject)
    const { end } = prompt(hanging.text)
    await record.next('text-delta')
    session.send({ ...steer, messageId: randomUUID() })
    session.send({ type: 'interrupt' })
    expect(await end).toEqual({ type: 'interrupted' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })
}

function describeChanges(subject: DriverSubject): void {
  const { plain } = subject.prompts

  test('forgets the conversation and says its new id', async () => {
    const { session, prompt, record, close } = await open(subject)
    await prompt(plain.text).end
    const before = await record.next('session-identified')
    session.send({ type: 'reset' })
    const after = await record.next('session-identified')
    expect(after.sessionId).not.toBe(before.sessionId)
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })

  test('changes the effort between two turns', async () => {
    const { session, prompt, close } = await open(subject)
    session.send({ type: 'configure', effort: 'low' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })

  test('goes on with an earlier session', async () => {
    const { driver, spec } = subject.start()
    const first = await driveSession(driver, spec)
    await first.prompt(plain.text).end
    const { sessionId } = await first.record.next('session-identified')
    await first.close()
    const second = await driveSession(driver, { ...spec, resumeSessionId: sessionId })
    await second.prompt(plain.text).end
    expect(await second.record.next('session-identified')).toMatchObject({ sessionId })
    await second.close()
  })
}

function describeEndings(subject: DriverSubject): void {
  const { hanging } = subject.prompts

  test.each(['graceful', 'kill'] as const)('closes in the midst of a turn: %s', async (mode) => {
    const { session, prompt, record, close } = await open(subject)
    const { end } = prompt(hanging.text)
    await record.next('text-delta')
    await Promise.all([session.close(mode), session.close(mode)])
    expect(await end).toEqual({ type: 'interrupted' })
    expect(record.events.at(-1)).toEqual({ type: 'session-closed' })
    session.send({ type: 'interrupt' })
    await close()
  })
}

function describeOpening(subject: DriverSubject): void {
  test('kills what it started when the opening is called off', async () => {
    const { driver, spec } = subject.start()
    const controller = new AbortController()
    const failure = failToOpen(driver, spec, controller.signal)
    controller.abort()
    expect((await failure).message).not.toBe('')
  })

  test('starts nothing when the opening was called off before', async () => {
    const { driver, spec } = subject.start()
    expect((await failToOpen(driver, spec, AbortSignal.abort())).message).not.toBe('')
  })

  test('says what is installed', async () => {
    const { driver, spec } = subject.start()
    expect(driver.preflight(spec.environment)).toBeUndefined()
    expect(await driver.probe(spec.environment)).toMatchObject({ installed: true, signedIn: 'yes' })
  })
}

function typesOf(events: readonly SessionEvent[]): string[] {
  return events.map((event) => event.type)
}

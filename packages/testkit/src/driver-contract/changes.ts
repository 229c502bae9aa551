import { expect, test } from 'vitest'
import { driveSession, failToOpen } from './drive-session.js'
import { openSubject, type DriverSubject } from './subject.js'

/** A session forgets, changes its model, and is taken up again. */
export function describeChanges(subject: DriverSubject): void {
  const { plain } = subject.prompts

  test('forgets the conversation and says its new id', async () => {
    const { session, prompt, record, close } = await openSubject(subject)
    await prompt(plain.text).end
    const before = await record.next('session-identified')
    session.send({ type: 'reset' })
    const after = await record.next('session-identified')
    expect(after.sessionId).not.toBe(before.sessionId)
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })

  test('changes the effort between two turns', async () => {
    const { session, prompt, close } = await openSubject(subject)
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

  test('goes on in a copy of an earlier session, or says that it cannot', async () => {
    const { driver, spec } = subject.start()
    const first = await driveSession(driver, spec)
    await first.prompt(plain.text).end
    const { sessionId } = await first.record.next('session-identified')
    await first.close()
    const copy = { ...spec, resumeSessionId: sessionId, fork: true }
    if (!driver.abilities.fork) {
      expect(await failToOpen(driver, copy)).toMatchObject({ reason: 'bad-request' })
      return
    }
    const second = await driveSession(driver, copy)
    expect(await second.prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    expect((await second.record.next('session-identified')).sessionId).not.toBe(sessionId)
    await second.close()
  })
}

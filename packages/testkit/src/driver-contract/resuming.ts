import { expect, test } from 'vitest'
import { driveSession, failToOpen } from './drive-session.js'
import { unknownSessionId } from './no-session.js'
import type { DriverSubject } from './subject.js'

/** Tests that a driver resumes a closed session by its id. */
export function describeResuming(subject: DriverSubject): void {
  const { details = {} } = subject
  const { plain } = subject.prompts
  const earlier = () => earlierSession(subject)

  test('goes on with an earlier session, and tells nothing of it again', async () => {
    const { driver, spec } = await earlier()
    const { prompt, record, close } = await driveSession(driver, spec)
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    expect(await record.next('session-identified')).toMatchObject({ sessionId: spec.resumeSessionId })
    await close()
    expect(record.events.filter(({ type }) => type === 'message-ended')).toHaveLength(1)
  })

  test('reports what each turn alone used, after it was taken up again too', details, async () => {
    const { driver, spec, written } = await earlier()
    for (const fork of driver.abilities.fork ? [false, true] : [false]) {
      const { prompt, record, close } = await driveSession(driver, { ...spec, fork })
      for (const turn of [1, 2]) {
        await prompt(plain.text).end
        const { usage } = await record.next('usage-reported')
        expect(usage.outputTokens, `turn ${turn}`).toBe(written)
      }
      await close()
    }
  })

  test('goes on in a copy of an earlier session, or says that it cannot', details, async () => {
    const { driver, spec } = await earlier()
    const copy = { ...spec, fork: true }
    if (!driver.abilities.fork) {
      expect(await failToOpen(driver, copy)).toMatchObject({ reason: 'bad-request' })
      return
    }
    const { prompt, record, close } = await driveSession(driver, copy)
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    expect((await record.next('session-identified')).sessionId).not.toBe(spec.resumeSessionId)
    await close()
  })

  test('says that an earlier session is not there', details, async () => {
    const { driver, spec } = subject.start()
    const failure = await failToOpen(driver, { ...spec, resumeSessionId: unknownSessionId })
    expect(failure).toMatchObject({ reason: 'bad-request' })
  })
}

/** Runs one turn in a session and closes it; returns the tokens of its answer too. */
async function earlierSession({ start, prompts }: DriverSubject) {
  const { driver, spec } = start()
  const first = await driveSession(driver, spec)
  await first.prompt(prompts.plain.text).end
  const { sessionId } = await first.record.next('session-identified')
  const { usage } = await first.record.next('usage-reported')
  await first.close()
  return { driver, spec: { ...spec, resumeSessionId: sessionId }, written: usage.outputTokens }
}

import { expect, test } from 'vitest'
import { driveSession, failToOpen, type DrivenSession } from './drive-session.js'
import { unknownSessionId } from './no-session.js'
import type { DriverSubject } from './subject.js'

/** Tests that a driver resumes a closed session by its id. */
export function describeResuming(subject: DriverSubject): void {
  const { details = {} } = subject
  const { plain } = subject.prompts
  const promptTwice = async ({ prompt, record }: Turns, written: number | undefined): Promise<void> => {
    for (const turn of [1, 2]) {
      expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
      const { usage } = await record.next('usage-reported')
      expect(usage.outputTokens, `turn ${turn}`).toBe(written)
    }
  }

  test('goes on with an earlier session, tells nothing of it again, and counts each turn alone', async () => {
    const { driver, spec, written } = await earlierSession(subject)
    const { prompt, record, close } = await driveSession(driver, spec)
    await promptTwice({ prompt, record }, written)
    expect(await record.next('session-identified')).toMatchObject({ sessionId: spec.resumeSessionId })
    await close()
    expect(record.events.filter(({ type }) => type === 'message-ended')).toHaveLength(2)

    // The same in a copy of the session, for drivers with this ability.
    const copy = { ...spec, fork: true }
    if (!driver.abilities.fork) {
      expect(await failToOpen(driver, copy)).toMatchObject({ reason: 'bad-request' })
      return
    }
    const forked = await driveSession(driver, copy)
    await promptTwice(forked, written)
    expect((await forked.record.next('session-identified')).sessionId).not.toBe(spec.resumeSessionId)
    await forked.close()
  })

  test('says that an earlier session is not there', details, async () => {
    const { driver, spec } = subject.start()
    const failure = await failToOpen(driver, { ...spec, resumeSessionId: unknownSessionId })
    expect(failure).toMatchObject({ reason: 'bad-request' })
  })
}

type Turns = Pick<DrivenSession, 'prompt' | 'record'>

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

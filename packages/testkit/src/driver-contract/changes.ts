import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** A session forgets, and changes its model. */
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
}

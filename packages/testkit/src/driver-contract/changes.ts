import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a driver's session changes its model and effort. */
export function describeChanges(subject: DriverSubject): void {
  const { details = {} } = subject
  const { plain } = subject.prompts

  test('changes the effort between two turns', details, async () => {
    const { session, prompt, close } = await openSubject(subject)
    session.send({ type: 'configure', effort: 'low' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })
}

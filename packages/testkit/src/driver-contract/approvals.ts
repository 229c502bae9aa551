import { expect, test } from 'vitest'
import { driveSession, type DrivenSession } from './drive-session.js'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a tool runs when it is allowed, and does not run when it is denied. */
export function describeApprovals(subject: DriverSubject): void {
  const { details = {} } = subject
  const { asking } = subject.prompts
  const decide = async (
    driven: DrivenSession,
    decision: 'allow' | 'deny',
    failed: boolean,
  ): Promise<void> => {
    const { session, prompt, record, close } = driven
    const { end } = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision })
    expect(await record.next('tool-ended')).toMatchObject({ failed })
    expect(await end).toEqual({ type: 'completed', answer: asking.answer })
    await close()
  }

  test.each([
    ['runs a tool that is allowed', 'allow', false],
    ['does not run a tool that is denied', 'deny', true],
  ] as const)('%s', async (_, decision, failed) => {
    await decide(await openSubject(subject), decision, failed)
  })

  test.each([
    ['runs it when that is allowed', 'allow', false],
    ['does not when it is denied', 'deny', true],
  ] as const)(
    'asksAll: asks for a tool that its preset lets pass, and %s',
    details,
    async (_, decision, failed) => {
      const { driver, spec } = subject.start()
      const asked = { ...spec, permissions: 'full-auto', asksAll: true } as const
      await decide(await driveSession(driver, asked), decision, failed)
    },
  )

  test('takes an answer to a question that nobody asked', details, async () => {
    const { session, prompt, close } = await openSubject(subject)
    session.send({ type: 'answer', requestId: 'nobody', decision: 'allow' })
    expect(await prompt(subject.prompts.plain.text).end).toMatchObject({ type: 'completed' })
    await close()
  })
}

import { expect, test } from 'vitest'
import { driveSession, type DrivenSession } from './drive-session.js'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a tool runs when it is allowed, and does not run when it is denied. */
export function describeApprovals(subject: DriverSubject): void {
  const { details = {} } = subject
  const { asking, plain } = subject.prompts
  const decide = async (driven: DrivenSession, decision: 'allow' | 'deny'): Promise<void> => {
    const { session, prompt, record } = driven
    const { end } = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision })
    expect(await record.next('tool-ended')).toMatchObject({ failed: decision === 'deny' })
    expect(await end).toEqual({ type: 'completed', answer: asking.answer })
  }

  test('runs a tool that is allowed, not one that is denied, and takes an answer to a question that nobody asked', async () => {
    const driven = await openSubject(subject)
    driven.session.send({ type: 'answer', requestId: 'nobody', decision: 'allow' })
    expect(await driven.prompt(plain.text).end).toMatchObject({ type: 'completed' })
    await decide(driven, 'deny')
    await decide(driven, 'allow')
    await driven.close()
  })

  test(
    'asksAll: asks for a tool that its preset lets pass, and runs it only when that is allowed',
    details,
    async () => {
      const { driver, spec } = subject.start()
      const asked = { ...spec, permissions: 'full-auto', asksAll: true } as const
      const driven = await driveSession(driver, asked)
      await decide(driven, 'deny')
      await decide(driven, 'allow')
      await driven.close()
    },
  )
}

import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** A session closes in the midst of a turn. */
export function describeEndings(subject: DriverSubject): void {
  const { hanging } = subject.prompts

  test.each(['graceful', 'kill'] as const)('closes in the midst of a turn: %s', async (mode) => {
    const { session, prompt, record, close } = await openSubject(subject)
    const { end } = prompt(hanging.text)
    await record.next('text-delta')
    await Promise.all([session.close(mode), session.close(mode)])
    expect(await end).toEqual({ type: 'interrupted' })
    expect(record.events.at(-1)).toEqual({ type: 'session-closed' })
    session.send({ type: 'interrupt' })
    await close()
  })
}

import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a driver's session closes during a turn. */
export function describeEndings(subject: DriverSubject): void {
  const { details = {} } = subject
  const { hanging } = subject.prompts

  const ways = [
    ['graceful', {}],
    ['kill', details],
  ] as const
  for (const [mode, options] of ways)
    test(`closes in the midst of a turn: ${mode}`, options, async () => {
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

import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that an interrupt ends the running turn at any time, and that the session continues. */
export function describeInterrupts(subject: DriverSubject): void {
  const { details = {} } = subject
  const { hanging, plain, asking } = subject.prompts

  test('interrupts a running turn, and takes the next prompt', async () => {
    const { session, prompt, record, close } = await openSubject(subject)
    const { end } = prompt(hanging.text)
    await record.next('text-delta')
    session.send({ type: 'interrupt' })
    expect(await end).toEqual({ type: 'interrupted' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })

  test('interrupts a turn that has only just been asked for, time after time', async () => {
    const { session, prompt, close } = await openSubject(subject)
    for (const delay of [0, 1, 2, 4]) {
      const { end } = prompt(hanging.text)
      await new Promise((resolve) => setTimeout(resolve, delay))
      session.send({ type: 'interrupt' })
      expect(await end, `after ${delay} ms`).toEqual({ type: 'interrupted' })
    }
    await close()
  })

  test('takes a question back when its turn is interrupted', details, async () => {
    const { session, prompt, record, close } = await openSubject(subject)
    const { end } = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'interrupt' })
    expect(await end).toEqual({ type: 'interrupted' })
    expect(record.events).toContainEqual({ type: 'approval-withdrawn', requestId })
    await close()
  })

  test('does nothing for an interrupt between turns', details, async () => {
    const { session, prompt, close } = await openSubject(subject)
    session.send({ type: 'interrupt' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })
    await close()
  })
}

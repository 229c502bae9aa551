import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that an interrupt ends the running turn at any time, and that the session continues. */
export function describeInterrupts(subject: DriverSubject): void {
  const { hanging, plain, asking } = subject.prompts

  test('interrupts a turn at any time, takes its question back, and takes the next prompt', async () => {
    const { session, prompt, record, close } = await openSubject(subject)
    // An interrupt between turns does nothing.
    session.send({ type: 'interrupt' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })

    const question = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'interrupt' })
    expect(await question.end).toEqual({ type: 'interrupted' })
    expect(record.events).toContainEqual({ type: 'approval-withdrawn', requestId })

    const told = record.events.length
    const hung = prompt(hanging.text)
    await expect.poll(() => record.events.slice(told).map(({ type }) => type)).toContain('text-delta')
    session.send({ type: 'interrupt' })
    expect(await hung.end).toEqual({ type: 'interrupted' })
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
}

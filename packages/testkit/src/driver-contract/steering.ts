import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openSubject, type DriverSubject } from './subject.js'

/** Tests that a steering message belongs to the running turn. */
export function describeSteering(subject: DriverSubject): void {
  const { asking, steering, hanging, plain } = subject.prompts
  test('says truly whether it can steer', () => {
    expect(subject.start().driver.abilities.steer).toBe(steering !== undefined)
  })
  if (steering === undefined) return
  const steer = { type: 'steer', text: steering.text } as const

  test('puts a message into the running turn, which still has one end, or forgets it when the turn is interrupted', async () => {
    const { session, prompt, record, close } = await openSubject(subject)
    const hung = prompt(hanging.text)
    await record.next('text-delta')
    session.send({ ...steer, messageId: randomUUID() })
    session.send({ type: 'interrupt' })
    expect(await hung.end).toEqual({ type: 'interrupted' })
    expect(await prompt(plain.text).end).toEqual({ type: 'completed', answer: plain.answer })

    const { end } = prompt(asking.text)
    const { requestId } = await record.next('approval-requested')
    session.send({ ...steer, messageId: randomUUID() })
    session.send({ type: 'answer', requestId, decision: 'allow' })
    expect(await end).toEqual({ type: 'completed', answer: steering.answer })
    await close()
  })
}

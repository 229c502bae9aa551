import { expect, test } from 'vitest'
import { failToOpen } from './drive-session.js'
import type { DriverSubject } from './subject.js'

/** What can be seen before a session, and an opening that is called off. */
export function describeOpening(subject: DriverSubject): void {
  test('kills what it started when the opening is called off', async () => {
    const { driver, spec } = subject.start()
    const controller = new AbortController()
    const failure = failToOpen(driver, spec, controller.signal)
    controller.abort()
    expect((await failure).message).not.toBe('')
  })

  test('starts nothing when the opening was called off before', async () => {
    const { driver, spec } = subject.start()
    expect((await failToOpen(driver, spec, AbortSignal.abort())).message).not.toBe('')
  })

  test('says what is installed', async () => {
    const { driver, spec } = subject.start()
    expect(driver.preflight(spec.environment)).toBeUndefined()
    expect(await driver.probe(spec.environment)).toMatchObject({ installed: true, signedIn: 'yes' })
  })

  test('lists the models that the CLI has, and leaves no process', async () => {
    const { driver, spec } = subject.start()
    const list = await driver.models(spec.environment)
    expect(list).toMatchObject({ type: 'listed' })
    expect(list.type === 'listed' && list.models.length).toBeGreaterThan(0)
  })
}

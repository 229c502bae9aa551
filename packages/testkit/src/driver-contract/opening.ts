import { expect, test } from 'vitest'
import { processesWith } from '../processes.js'
import { driveSession, failToOpen } from './drive-session.js'
import type { DriverSubject } from './subject.js'

/** Tests the probe of a CLI, and a launch that is aborted. */
export function describeOpening(subject: DriverSubject): void {
  const { details = {} } = subject
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

  test.skipIf(process.platform === 'win32')(
    'tells its child how deep it is, and its ceiling, and not what its caller was told',
    details,
    async () => {
      const { driver, spec } = subject.start()
      const outer = { SUBAGENT_MCP_DEPTH: '7', SUBAGENT_MCP_CEILING: 'theirs', SUBAGENT_MCP_NONCE: 'outer.1' }
      const environment = { ...spec.environment, ...outer }
      const places = [{ depth: 1 }, { depth: 2, ceiling: 'low' }, { depth: 2, ceiling: 'high' }]
      const sessions = await Promise.all(
        places.map((place) => driveSession(driver, { ...spec, environment, ...place })),
      )
      const children = processesWith(`HOME=${spec.environment['HOME']}`)
      const childrenWith = (text: string) => processesWith(text).filter((pid) => children.includes(pid))
      for (const told of ['DEPTH=1', 'DEPTH=2', 'CEILING=low', 'CEILING=high'])
        expect(childrenWith(`SUBAGENT_MCP_${told}`)).not.toEqual([])
      for (const told of Object.entries(outer).map((variable) => variable.join('=')))
        expect(childrenWith(told)).toEqual([])
      await Promise.all(sessions.map(({ close }) => close()))
    },
  )

  test('lists the models that the CLI has, and leaves no process', async () => {
    const { driver, spec } = subject.start()
    const list = await driver.models(spec.environment)
    expect(list).toMatchObject({ type: 'listed' })
    expect(list.type === 'listed' && list.models.length).toBeGreaterThan(0)
  })
}

import type { SessionCommand } from '@subagent-mcp/contract'
import {
  checkForLeaks,
  driveSession,
  installFakeCodex,
  useWatchdog,
  type Fake,
  type FakeCodexBehaviour,
  scaledToMachine,
} from '@subagent-mcp/testkit'
import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { createCodexDriver } from './driver.js'

checkForLeaks()

const watchdog = useWatchdog()

let fakes: Fake[] = []

afterEach(() => {
  for (const fake of fakes) fake.remove()
  fakes = []
})

/** Creates a driver with a fake `codex` of this behaviour, and the environment in which the driver finds it. */
function start(behaviour: FakeCodexBehaviour, deadlineMs = 60_000) {
  const fake = installFakeCodex(behaviour)
  fakes.push(fake)
  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: tmpdir(),
    OPENAI_API_KEY: 'dummy',
    SUBAGENT_MCP_CODEX_PATH: fake.executable,
  }
  return { driver: createCodexDriver({ watchdog: watchdog(), deadlineMs }), environment, fake }
}

async function opened(behaviour: FakeCodexBehaviour, deadlineMs?: number) {
  const { driver, environment } = start(behaviour, deadlineMs)
  return driveSession(driver, { cwd: tmpdir(), environment, mcp: 'none' })
}

describe('a session that cannot forget', () => {
  test.each([
    ['refuses-second-thread', 'bad-request', 'reset'],
    ['hangs-at-second-thread', 'timed-out', 'reset'],
    ['never-leaves-a-thread', 'timed-out', 'reset'],
    ['refuses-rewind', 'bad-request', 'rewind'],
  ] as const)('(%s) closes as %s, with the prompt that waits for the %s', async (behaviour, reason, type) => {
    const { session, prompt, record, close } = await opened(behaviour, await scaledToMachine(2_000))
    const { turnId, end } = prompt('[[say: four]]')
    await end
    const forget: SessionCommand = type === 'reset' ? { type } : { type, turnId }
    session.send(forget)
    expect(await prompt('[[say: five]]').end).toMatchObject({ type: 'failed', failure: { reason } })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason } })
    await close()
  })
})

test('what is told while the new thread comes is for the new thread', async () => {
  const { session, prompt, record, close } = await opened('late-second-thread')
  await prompt('celadon [[say: noted]]').end
  session.send({ type: 'reset' })
  const { end } = prompt('[[recall]]')
  expect(await end).toEqual({ type: 'completed', answer: 'You said nothing before.' })
  const told = record.events.map(({ type }) => type)
  expect(told.indexOf('conversation-reset')).toBeLessThan(told.lastIndexOf('turn-ended'))
  await close()
})

test('an installation has a name, and another after an upgrade', () => {
  const { driver, environment, fake } = start('well')
  const before = driver.installation(environment)
  expect(driver.installation(environment)).toBe(before)
  appendFileSync(fake.executable, '\n')
  expect(driver.installation(environment)).not.toBe(before)
  expect(driver.installation({ ...environment, SUBAGENT_MCP_CODEX_PATH: '/nowhere/codex' })).toBeUndefined()
})

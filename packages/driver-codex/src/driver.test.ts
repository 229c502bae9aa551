import type { Driver } from '@subagent-mcp/contract'
import {
  checkForLeaks,
  describeDriver,
  driveSession,
  failToOpen,
  installFakeCodex,
  processesWith,
  thorough,
  useWatchdog,
  type DrivenSession,
  type Fake,
  type FakeCodexBehaviour,
  startLimit,
  scaledToMachine,
} from '@subagent-mcp/testkit'
import { tmpdir } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import type { DriverOptions } from '@subagent-mcp/driver-kit'
import { createCodexDriver } from './driver.js'

checkForLeaks()

const watchdog = useWatchdog()

let fakes: Fake[] = []

afterEach(() => {
  for (const fake of fakes) fake.remove()
  fakes = []
})

type Options = Partial<DriverOptions>

/** Creates a driver with a fake `codex` of this behaviour, and a session spec for it. */
function start(behaviour: FakeCodexBehaviour, options: Options = {}) {
  const fake = installFakeCodex(behaviour)
  fakes.push(fake)
  const driver: Driver = createCodexDriver({ watchdog: watchdog(), ...options })
  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: tmpdir(),
    OPENAI_API_KEY: 'dummy',
    SUBAGENT_MCP_CODEX_PATH: fake.executable,
  }
  return { driver, spec: { cwd: tmpdir(), environment, mcp: 'none' } as const }
}

async function opened(behaviour: FakeCodexBehaviour, options?: Options) {
  const { driver, spec } = start(behaviour, options)
  return driveSession(driver, spec)
}

/** Opens several sessions in one fake `codex` process. */
async function siblings(behaviour: FakeCodexBehaviour, count: number, options?: Options) {
  const { driver, spec } = start(behaviour, options)
  const sessions = await Promise.all(Array.from({ length: count }, () => driveSession(driver, spec)))
  return { driver, spec, sessions }
}

/** Returns the pids of the running `codex` servers, which have the watchdog's nonce in their environment. */
function servers(): number[] {
  return processesWith(watchdog().nonce)
}

const plain = '[[say: four]]'
const hanging = '[[say: begun]] [[hang]]'
const asking = '[[tool: exec_command {"cmd":"touch asked"}]] [[say: went on]]'
const prompts = {
  plain: { text: plain, answer: 'four' },
  asking: { text: asking, answer: 'went on' },
  hanging: { text: hanging },
  failing: { text: '[[status: 400 no]]', reason: 'bad-request' },
  steering: { text: '[[say: steered]]', answer: 'steered' },
} as const

for (const behaviour of ['well', 'refuses-steering'] as const) {
  describeDriver(`a fake codex that behaves: ${behaviour}`, {
    start: () => start(behaviour),
    prompts,
    details: behaviour === 'well' ? {} : thorough,
  })
}

test('a session that is open is not taken up by another', async () => {
  const { driver, spec } = start('well')
  const one = await driveSession(driver, spec)
  const { sessionId } = await one.record.next('session-identified')
  const again = { ...spec, resumeSessionId: sessionId }
  expect(await failToOpen(driver, again)).toMatchObject({ reason: 'bad-request' })
  expect(await one.prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
  await one.close()
})

test('a person goes on with a session in the CLI itself', () => {
  expect(start('well').driver.nativeResume?.('an-id')).toEqual(['codex', 'resume', 'an-id'])
})

describe('a fake codex that does not get ready', () => {
  test.each([
    ['dies-before-first-line', 'crashed', 'cannot start'],
    ['hangs-at-initialize', 'timed-out', 'did not get ready'],
    ['refuses-to-initialize', 'bad-request', 'not today'],
    ['hangs-at-thread-start', 'timed-out', 'did not start a thread'],
  ] as const)('%s: fails to open as %s', async (behaviour, reason, words) => {
    const { driver, spec } = start(behaviour, { deadlineMs: behaviour.startsWith('hangs') ? 2_000 : 10_000 })
    const failure = await failToOpen(driver, spec)
    expect(failure.reason).toBe(reason)
    expect(`${failure.message} ${failure.stderrTail ?? ''}`).toContain(words)
  })

  test('hangs-at-thread-start: can be called off', async () => {
    const { driver, spec } = start('hangs-at-thread-start')
    const controller = new AbortController()
    const failure = failToOpen(driver, spec, controller.signal)
    await expect.poll(servers).toHaveLength(1)
    controller.abort()
    expect(await failure).toMatchObject({ message: 'the launch was called off' })
  })

  test('is not where it is said to be', async () => {
    const { driver, spec } = start('well')
    const environment = { ...spec.environment, SUBAGENT_MCP_CODEX_PATH: '/nowhere/codex' }
    expect(await failToOpen(driver, { ...spec, environment })).toMatchObject({ reason: 'not-installed' })
    expect(driver.preflight(environment)).toMatchObject({ reason: 'not-installed' })
    expect(await driver.probe(environment)).toMatchObject({ installed: false })
    expect(await driver.models(environment)).toMatchObject({ type: 'failed' })
  })
})

describe('what is asked for at open', () => {
  test.each([
    [{ model: 'gpt-1' }, 'model-unavailable', 'there are: gpt-6.1-sol = gpt = gpt-sol, '],
    [{ model: 'gpt-luna', effort: 'high' }, 'bad-request', 'it takes: low, medium'],
    [{ mcp: ['alpha'] }, 'bad-request', 'codex mcp add'],
  ] as const)('%o is not there', async (asked, reason, hint) => {
    const { driver, spec } = start('well')
    const failure = await failToOpen(driver, { ...spec, ...asked })
    expect(failure.reason).toBe(reason)
    expect(failure.hint).toContain(hint)
  })

  test('an effort that the model does not take is left out, and said to be', async () => {
    const { driver, spec } = start('well')
    const asked = { ...spec, model: 'gpt-mute', effort: 'high' } as const
    const outcome = await driver.open(asked, () => undefined, new AbortController().signal)
    expect(outcome).toMatchObject({ type: 'opened', notes: ['gpt-5-mute takes no effort: it was left out'] })
    if (outcome.type === 'opened') await outcome.session.close('graceful')
  })
})

describe('a fake codex that misbehaves in a turn', () => {
  test.each(['rubbish', 'begins-early', 'unknown-request'] as const)(
    '%s: answers its prompt all the same, and the next',
    async (way) => {
      const { prompt, close } = await opened(way)
      expect(await prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
      expect(await prompt('[[say: five]]').end).toEqual({ type: 'completed', answer: 'five' })
      await close()
    },
  )

  test('oversized-line: the session fails as protocol', async () => {
    const { prompt, record, close } = await opened('oversized-line')
    expect(await prompt(plain).end).toMatchObject({ type: 'failed', failure: { reason: 'protocol' } })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'protocol' } })
    await close()
  })

  test.each([
    ['hangs-in-turn', 'graceful'],
    ['half-line', 'graceful'],
    ['never-ends-a-turn', 'graceful'],
    ['never-ends-a-turn', 'kill'],
    ['never-leaves-a-thread', 'kill'],
  ] as const)('%s: is closed within 2 s: %s', async (behaviour, mode) => {
    const { prompt, close } = await opened(behaviour)
    const { end } = prompt(hanging)
    const limit = startLimit(2_000)
    await close(mode)
    expect(await limit.isOver()).toBe(false)
    expect(await end).toEqual({ type: 'interrupted' })
  })

  test('never-ends-a-turn: an interrupt has a deadline', async () => {
    const { session, prompt, record, close } = await opened('never-ends-a-turn', {
      deadlineMs: await scaledToMachine(1_000),
    })
    const { end } = prompt(hanging)
    await record.next('text-delta')
    session.send({ type: 'interrupt' })
    expect(await end).toMatchObject({ type: 'failed', failure: { reason: 'timed-out' } })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'timed-out' } })
    await close()
  })
})

describe('sessions of one process', () => {
  test('share it, each with its own turns, and it goes with the last', async () => {
    const { sessions } = await siblings('well', 20)
    expect(servers()).toHaveLength(1)
    const answers = sessions.map(({ prompt }, index) => prompt(`[[say: ${index}]]`).end)
    expect(await Promise.all(answers)).toEqual(
      sessions.map((_, index) => ({ type: 'completed', answer: `${index}` })),
    )
    const [last, ...others] = sessions
    await Promise.all(others.map(({ close }) => close()))
    expect(servers()).toHaveLength(1)
    await last?.close()
    expect(servers()).toHaveLength(0)
  })

  test('have their own process when their environments differ, and share one when only their terminals do', async () => {
    const { driver, spec } = start('well')
    const differences: Record<string, string>[] = [{}, { TERM: 'x', SHLVL: '3' }, { OPENAI_API_KEY: 'other' }]
    const sessions = await Promise.all(
      differences.map((different) =>
        driveSession(driver, { ...spec, environment: { ...spec.environment, ...different } }),
      ),
    )
    expect(servers()).toHaveLength(2)
    await Promise.all(sessions.map(({ close }) => close()))
  })

  test('all crash with it, once each, and the next open starts a new one', async () => {
    const { driver, spec, sessions } = await siblings('well', 10)
    const ends = sessions.map(({ prompt }, index) => prompt(index === 7 ? '[[say: x]] [[cut]]' : hanging).end)
    const crash = { reason: 'crashed', stderrTail: 'fake codex: out of memory\n' }
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ type: 'failed', failure: crash })
    const next = await driveSession(driver, spec)
    expect(await next.prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
    await Promise.all([next, ...sessions].map(({ close }) => close()))
    for (const { record } of sessions)
      expect(record.events.at(-1)).toMatchObject({ type: 'session-closed', failure: crash })
  })

  test('end with a reason when one of them will not close', async () => {
    const { sessions } = await siblings('never-leaves-a-thread', 3)
    const [first, ...others] = sessions
    const ends = others.map(({ prompt }) => prompt(hanging).end)
    await first?.close('kill')
    expect(first?.record.events.at(-1)).toEqual({ type: 'session-closed' })
    const failure = { message: 'the codex process was ended because another of its sessions would not close' }
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ type: 'failed', failure })
    await Promise.all(others.map(({ close }) => close()))
  })

  test('open while others close, time after time', async () => {
    const { driver, spec } = start('well')
    const rounds = Array.from({ length: 12 }, async (_, index): Promise<DrivenSession> => {
      await new Promise((resolve) => setTimeout(resolve, index * 7))
      const driven = await driveSession(driver, spec)
      expect(await driven.prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
      await driven.close(index % 2 === 0 ? 'graceful' : 'kill')
      return driven
    })
    await Promise.all(rounds)
    expect(servers()).toHaveLength(0)
  })
})

import type { Driver } from '@subagent-mcp/contract'
import {
  checkForLeaks,
  describeDriver,
  driveSession,
  failToOpen,
  installFakeClaude,
  thorough,
  useWatchdog,
  type Fake,
  type FakeClaudeBehaviour,
  scaledToMachine,
} from '@subagent-mcp/testkit'
import { appendFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { DriverOptions } from '@subagent-mcp/driver-kit'
import { createClaudeDriver } from './driver.js'

checkForLeaks()

const watchdog = useWatchdog()

let fakes: Fake[] = []

afterEach(() => {
  for (const fake of fakes) fake.remove()
  fakes = []
})

type Options = Partial<DriverOptions>

/** Creates a driver with a fake `claude` of this behaviour, and a session spec for it. */
function start(behaviour: FakeClaudeBehaviour, options: Options = {}) {
  const fake = installFakeClaude(behaviour)
  fakes.push(fake)
  const driver: Driver = createClaudeDriver({ watchdog: watchdog(), ...options })
  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: tmpdir(),
    ANTHROPIC_API_KEY: 'dummy',
    SUBAGENT_MCP_CLAUDE_PATH: fake.executable,
  }
  return { driver, spec: { cwd: tmpdir(), environment, mcp: 'none' } as const }
}

async function opened(behaviour: FakeClaudeBehaviour, options?: Options) {
  const { driver, spec } = start(behaviour, options)
  return driveSession(driver, spec)
}

const plain = '[[say: four]]'
const hanging = '[[say: begun]] [[hang]]'
const asking = '[[tool: Bash {"command":"touch asked"}]] [[say: went on]]'

for (const behaviour of ['well', 'older'] as const) {
  describeDriver(`a fake claude that behaves: ${behaviour}`, {
    start: () => start(behaviour),
    prompts: {
      plain: { text: plain, answer: 'four' },
      asking: { text: asking, answer: 'went on' },
      hanging: { text: hanging },
      failing: { text: '[[status: 400 no]]', reason: 'bad-request' },
      steering: { text: '[[say: steered]]', answer: 'steered' },
    },
    details: behaviour === 'well' ? {} : thorough,
  })
}

test('a person goes on with a session in the CLI itself', () => {
  expect(start('well').driver.nativeResume?.('an-id')).toEqual(['claude', '--resume', 'an-id'])
})

describe('a fake claude that does not get ready', () => {
  test.each([
    ['dies-before-first-line', 'crashed', 'cannot start'],
    ['hangs-at-handshake', 'timed-out', 'did not get ready'],
    ['refuses-handshake', 'protocol', 'not today'],
  ] as const)('%s: fails to open as %s', async (behaviour, reason, words) => {
    const { driver, spec } = start(behaviour, {
      deadlineMs: behaviour === 'hangs-at-handshake' ? 500 : 10_000,
    })
    const failure = await failToOpen(driver, spec)
    expect(failure.reason).toBe(reason)
    expect(`${failure.message} ${failure.stderrTail ?? ''}`).toContain(words)
  })

  test('is not where it is said to be', async () => {
    const { driver, spec } = start('well')
    const environment = { ...spec.environment, SUBAGENT_MCP_CLAUDE_PATH: '/nowhere/claude' }
    expect(await failToOpen(driver, { ...spec, environment })).toMatchObject({ reason: 'not-installed' })
    expect(driver.preflight(environment)).toMatchObject({ reason: 'not-installed' })
    expect(await driver.probe(environment)).toMatchObject({ installed: false })
  })
})

describe('a fake claude that is to forget', () => {
  test.each([
    ['refuses-reset', 'protocol'],
    ['dies-at-reset', 'crashed'],
    ['never-resets', 'timed-out'],
  ] as const)('%s: the session closes as %s', async (behaviour, reason) => {
    const { session, prompt, record, close } = await opened(behaviour, {
      deadlineMs: behaviour === 'never-resets' ? 1_000 : 10_000,
    })
    await prompt(plain).end
    session.send({ type: 'reset' })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason } })
    expect(record.events.filter(({ type }) => type === 'conversation-reset')).toEqual([])
    await close()
  })

  test('refuses-rewind: the session closes as protocol', async () => {
    const { session, prompt, record, close } = await opened('refuses-rewind')
    const { turnId, end } = prompt(plain)
    await end
    session.send({ type: 'rewind', turnId })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'protocol' } })
    await close()
  })

  test.each(['late-reset', 'result-after-reset', 'older'] as const)(
    '%s: no answer is another one, however little there is between them',
    async (behaviour) => {
      const { session, prompt, record, close } = await opened(behaviour)
      for (const word of ['one', 'two', 'three', 'four']) {
        expect(await prompt(`[[say: ${word}]]`).end).toEqual({ type: 'completed', answer: word })
        session.send({ type: 'reset' })
        await record.next('conversation-reset')
      }
      await close()
    },
  )
})

test('the installed CLI has another name after an upgrade', () => {
  const { driver, spec } = start('well')
  const { SUBAGENT_MCP_CLAUDE_PATH: path } = spec.environment
  const folder = mkdtempSync(join(tmpdir(), 'installed-'))
  const link = join(folder, 'claude')
  symlinkSync(path, link)
  const environment = { ...spec.environment, SUBAGENT_MCP_CLAUDE_PATH: link }
  const before = driver.installation(environment)
  expect(before).toBe(driver.installation(spec.environment))
  appendFileSync(path, '# newer')
  expect(driver.installation(environment)).not.toBe(before)
  rmSync(folder, { recursive: true })
  const nowhere = { ...spec.environment, SUBAGENT_MCP_CLAUDE_PATH: '/nowhere/claude' }
  expect(driver.installation(nowhere)).toBeUndefined()
})

test('a part of a tool is refused before the CLI is started', async () => {
  const { driver, spec } = start('well')
  const tools = { only: ['Bash(git *)'] }
  expect(await failToOpen(driver, { ...spec, tools })).toMatchObject({ reason: 'bad-request' })
})

describe('a fake claude that misbehaves in a turn', () => {
  test.each(['rubbish', 'huge-line', 'wrong-uuid', 'result-twice', 'own-turn', 'unknown-request'] as const)(
    '%s: answers its prompt all the same, and the next',
    async (behaviour) => {
      const { prompt, close } = await opened(behaviour)
      expect(await prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
      expect(await prompt('[[say: five]]').end).toEqual({ type: 'completed', answer: 'five' })
      await close()
    },
  )

  test('dies-mid-turn: the turn and the session fail as crashed, with what it said last', async () => {
    const { prompt, record, close } = await opened('dies-mid-turn')
    const { end } = prompt(plain)
    const failure = { reason: 'crashed', stderrTail: 'fake claude: out of memory\n' }
    expect(await end).toMatchObject({ type: 'failed', failure })
    expect(await record.next('session-closed')).toMatchObject({ failure })
    await close()
  })

  test('dies-after-first-line: the session closes as crashed', async () => {
    const { record, close } = await opened('dies-after-first-line')
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'crashed' } })
    await close()
  })

  test('speaks-at-once: says nothing before whoever opened it knows', async () => {
    const { record, close } = await opened('speaks-at-once')
    expect(record.events).toEqual([])
    expect(await record.next('notice')).toEqual({ type: 'notice', text: 'a word first' })
    await close()
  })

  test('oversized-line: the session fails as protocol', async () => {
    const { prompt, record, close } = await opened('oversized-line')
    expect(await prompt(plain).end).toMatchObject({ type: 'failed', failure: { reason: 'protocol' } })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'protocol' } })
    await close()
  })

  test.each(['hangs-in-turn', 'half-line'] as const)('%s: can be closed', async (behaviour) => {
    const { session, prompt, close } = await opened(behaviour)
    const { end } = prompt(plain)
    await session.close('graceful')
    expect(await end).toEqual({ type: 'interrupted' })
    await close()
  })

  test('late-result: an interrupted turn ends when its result is there, and the next is not its heir', async () => {
    const { session, prompt, record, close } = await opened('late-result')
    const first = prompt(hanging)
    await record.next('text-delta')
    session.send({ type: 'interrupt' })
    expect(await first.end).toEqual({ type: 'interrupted' })
    expect(await prompt(plain).end).toEqual({ type: 'completed', answer: 'four' })
    await close()
  })

  test.each([
    ['hangs-in-turn', { type: 'interrupt' }],
    ['answers-no-request', { type: 'interrupt' }],
    ['answers-no-request', { type: 'configure', effort: 'low' }],
  ] as const)('%s: a request has a deadline: %o', async (behaviour, command) => {
    const { session, prompt, record, close } = await opened(behaviour, {
      deadlineMs: await scaledToMachine(1_000),
    })
    const { end } = prompt(hanging)
    await record.next('text-delta')
    session.send(command)
    expect(await end).toMatchObject({ type: 'failed', failure: { reason: 'timed-out' } })
    expect(await record.next('session-closed')).toMatchObject({ failure: { reason: 'timed-out' } })
    await close()
  })

  test.each(['graceful', 'kill'] as const)('ignores-term: goes with its grandchild: %s', async (mode) => {
    const { prompt, close } = await opened('ignores-term')
    const { end } = prompt(hanging)
    await close(mode)
    expect(await end).toEqual({ type: 'interrupted' })
  })
})

import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { describeDriver, driveSession, failToOpen, thorough } from '@subagent-mcp/testkit'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useDriverStage } from './driver-stage.js'

const stage = useDriverStage()

function start() {
  const { home, environment, watchdog } = stage()
  const { cwd } = home
  const driver = createClaudeDriver({ watchdog })
  return { driver, spec: { cwd, environment, mcp: 'none' } as const }
}

// The contract on the real CLI runs in CI. The same contract on fake CLIs runs always.
describe('the whole contract', thorough, () => {
  describeDriver('[driver-contract] the real claude', {
    start,
    prompts: {
      plain: { text: 'Say it. [[say: four]]', answer: 'four' },
      asking: { text: '[[tool: Bash {"command":"touch asked"}]] [[say: went on]]', answer: 'went on' },
      hanging: { text: '[[say: begun]] [[hang]]' },
      failing: { text: '[[status: 400 no]]', reason: 'bad-request' },
      steering: { text: '[[say: steered]]', answer: 'steered' },
    },
    details: thorough,
  })
})

test('[steer] a message that comes after the last tool call is answered before the turn ends', async () => {
  const { driver, spec } = start()
  const { session, prompt, record, close } = await driveSession(driver, spec)
  const { end } = prompt('[[say: early]] [[gate: late]]')
  await record.next('text-delta')
  session.send({ type: 'steer', messageId: randomUUID(), text: '[[say: and late]]' })
  stage().model.release('late')
  expect(await end).toEqual({ type: 'completed', answer: 'and late' })
  await close()
})

test('[driver-contract] a change of model and effort applies to the next request', async () => {
  const { driver, spec } = start()
  const { session, prompt, close } = await driveSession(driver, { ...spec, model: 'claude-opus-4-8' })
  await prompt('[[say: one]]').end
  session.send({ type: 'configure', model: 'claude-sonnet-4-6', effort: 'low' })
  await prompt('[[say: two]]').end
  await close()
  const turns = stage().model.requests.filter(({ kind }) => kind === 'turn')
  expect(turns.map(({ body }) => body)).toMatchObject([
    { model: 'claude-opus-4-8' },
    { model: 'claude-sonnet-4-6', output_config: { effort: 'low' } },
  ])
})

describe('the models that the real claude lists', () => {
  test('[driver-contract] include its aliases with the models behind them', async () => {
    const { driver, spec } = start()
    const list = await driver.models(spec.environment)
    const models = list.type === 'listed' ? list.models : []
    for (const alias of ['haiku', 'sonnet', 'opus', 'fable']) {
      const model = models.find(({ aliases }) => aliases.includes(alias))
      expect(model?.id).toMatch(new RegExp(`^claude-${alias}-`))
      expect(model?.efforts).toEqual(expect.arrayContaining(['low', 'max', 'ultracode']))
    }
    expect(stage().model.requests).toEqual([])
  })

  test('[driver-contract] refuse an unknown alias, and leave model ids to the API', thorough, async () => {
    const { driver, spec } = start()
    const failure = await failToOpen(driver, { ...spec, model: 'nonsense' })
    expect(failure.reason).toBe('model-unavailable')
    expect(failure.hint).toMatch(/opus.*haiku/)
    const { close } = await driveSession(driver, { ...spec, model: 'claude-opus-9' })
    await close()
  })
})

describe('an effort', () => {
  test('[effort] that the model does not take fails to open with a list of those that it takes', async () => {
    const { driver, spec } = start()
    const failure = await failToOpen(driver, { ...spec, model: 'claude-opus-4-6', effort: 'xhigh' })
    expect(failure).toMatchObject({ reason: 'bad-request', hint: 'it takes low, medium, high, max' })
  })

  test('[effort] is left out on a model that takes none, and a note says so', async () => {
    const { driver, spec } = start()
    const asked = { ...spec, model: 'claude-haiku-4-5', effort: 'low' } as const
    expect(driver.effort(asked.effort, asked.model)).toMatchObject({ type: 'none' })
    const outcome = await driver.open(asked, () => undefined, new AbortController().signal)
    const notes = ['claude-haiku-4-5 takes no effort: low was left out']
    expect(outcome).toMatchObject({ type: 'opened', notes })
    if (outcome.type === 'opened') await outcome.session.close('graceful')
  })

  test('[effort] ultracode works from the start and when it is switched on later', thorough, async () => {
    const { driver, spec } = start()
    const first = await driveSession(driver, { ...spec, effort: 'ultracode' })
    await first.prompt('[[say: one]]').end
    await first.close()
    const { session, prompt, record, close } = await driveSession(driver, spec)
    await prompt('[[say: two]]').end
    session.send({ type: 'configure', effort: 'ultracode' })
    await prompt('[[say: three]]').end
    await close()
    expect(record.events.filter(({ type }) => type === 'notice')).toEqual([])
    const turns = stage().model.requests.filter(({ kind }) => kind === 'turn')
    expect(turns.map(({ bodyText }) => bodyText.includes('Ultracode is on:'))).toEqual([true, false, true])
    const xhigh = { output_config: { effort: 'xhigh' } }
    expect(turns.map(({ body }) => body)).toMatchObject([xhigh, {}, xhigh])
  })

  test('[effort] that a running session cannot take is reported', thorough, async () => {
    const { driver, spec } = start()
    const { session, record, close } = await driveSession(driver, { ...spec, model: 'claude-opus-4-6' })
    session.send({ type: 'configure', effort: 'ultracode' })
    expect((await record.next('notice')).text).toContain('ultracode is off: claude-opus-4-6 has none')
    await close()
  })
})

describe('permissions', () => {
  const writing = '[[tool: Bash {"command":"touch asked"}]] [[say: went on]]'

  test.each([
    ['read-only', false],
    ['full-auto', true],
  ] as const)(
    '[permission-allow] %s: claude does not ask for a command that writes; it runs: %s',
    async (permissions, runs) => {
      const { driver, spec } = start()
      const { prompt, record, close } = await driveSession(driver, { ...spec, permissions })
      expect(await prompt(writing).end).toEqual({ type: 'completed', answer: 'went on' })
      await close()
      expect(record.events.filter(({ type }) => type === 'approval-requested')).toEqual([])
      expect(await record.next('tool-ended')).toMatchObject({ failed: !runs })
      expect(existsSync(join(spec.cwd, 'asked'))).toBe(runs)
    },
  )

  test('[permission-allow] accept-edits: claude writes a file in the folder without asking, and asks for one outside', async () => {
    const { driver, spec } = start()
    const { session, prompt, record, close } = await driveSession(driver, {
      ...spec,
      permissions: 'accept-edits',
    })
    const write = (folder: string) => {
      const input = JSON.stringify({ file_path: join(folder, 'new.txt'), content: 'x' })
      return prompt(`[[tool: Write ${input}]] [[say: went on]]`)
    }
    expect(await write(spec.cwd).end).toEqual({ type: 'completed', answer: 'went on' })
    expect(existsSync(join(spec.cwd, 'new.txt'))).toBe(true)
    const { end } = write(stage().home.home)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision: 'deny' })
    expect(await end).toEqual({ type: 'completed', answer: 'went on' })
    await close()
    expect(existsSync(join(stage().home.home, 'new.txt'))).toBe(false)
  })
})

test("[permission-allow] asksAll: claude asks also for calls that the user's settings allow, and for reads", async () => {
  const { driver, spec } = start()
  const permissions = { allow: ['Bash', 'Read', 'Write'], defaultMode: 'bypassPermissions' }
  const settings = JSON.stringify({ permissions, sandbox: { enabled: true } })
  for (const folder of [stage().home.home, spec.cwd]) {
    mkdirSync(join(folder, '.claude'))
    writeFileSync(join(folder, '.claude', 'settings.json'), settings)
  }
  const { session, prompt, record, close } = await driveSession(driver, {
    ...spec,
    permissions: 'read-only',
    asksAll: true,
  })
  const read = `[[tool: Read {"file_path":"${join(spec.cwd, '.claude', 'settings.json')}"}]]`
  for (const call of ['[[tool: Bash {"command":"touch asked"}]]', '[[tool: Bash {"command":"ls"}]]', read]) {
    const { end } = prompt(`${call} [[say: went on]]`)
    const { requestId } = await record.next('approval-requested')
    session.send({ type: 'answer', requestId, decision: 'deny' })
    expect(await end).toEqual({ type: 'completed', answer: 'went on' })
  }
  await close()
  expect(existsSync(join(spec.cwd, 'asked'))).toBe(false)
})

describe('the network', () => {
  test.each([
    ['no server listens', { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }],
    ['the connection is cut again and again', {}],
  ])('[api-errors] is typed when %s', thorough, async (_, more) => {
    const { driver, spec } = start()
    const environment = { ...spec.environment, CLAUDE_CODE_MAX_RETRIES: '1', ...more }
    const { prompt, record, close } = await driveSession(driver, { ...spec, environment })
    const failure = { reason: 'connection-lost' }
    expect(await prompt('[[cut]]').end).toMatchObject({ type: 'failed', failure })
    expect(await record.next('retry-announced')).toMatchObject({ failure })
    await close()
  })
})

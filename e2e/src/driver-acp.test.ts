import { createAcpDriver, geminiProfile } from '@subagent-mcp/driver-acp'
import {
  describeDriver,
  driveSession,
  failToOpen,
  processesWith,
  soakOnly,
  thorough,
  startLimit,
} from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { useDriverStage } from './driver-stage.js'

const stage = useDriverStage()

function start() {
  const { home, environment, watchdog } = stage()
  const { cwd } = home
  const driver = createAcpDriver({ watchdog, profile: geminiProfile })
  return { driver, spec: { cwd, environment, mcp: 'none' } as const }
}

// Each of these twenty tests starts a Gemini, which takes seconds of a core, so they run in the soak. The same contract
// on fake CLIs runs always.
describe('the whole contract', soakOnly, () => {
  describeDriver('[driver-contract] the real gemini', {
    start,
    prompts: {
      plain: { text: 'Say it. [[say: four]]', answer: 'four' },
      asking: {
        text: '[[tool: run_shell_command {"command":"touch asked"}]] [[say: went on]]',
        answer: 'went on',
      },
      hanging: { text: '[[say: begun]] [[hang]]' },
      failing: { text: '[[status: 400 no]]', reason: 'bad-request' },
    },
  })
})

test(
  '[driver-contract] sessions in one gemini process have their own folders, models and modes',
  thorough,
  async () => {
    const { driver, spec } = start()
    const other = join(stage().home.home, 'other')
    mkdirSync(other)
    const first = await driveSession(driver, { ...spec, appendSystemPrompt: 'be brief' })
    const second = await driveSession(driver, {
      ...spec,
      cwd: other,
      model: 'flash',
      permissions: 'full-auto',
    })
    const processes = () => processesWith(`HOME=${stage().home.home}`)
    expect(processes()).toHaveLength(1)

    const shell = '[[tool: run_shell_command {"command":"pwd > where"}]] [[say: done]]'
    const answers = [first.prompt('/about it'), second.prompt(shell)]
    expect(await Promise.all(answers.map(({ end }) => end))).toEqual([
      { type: 'completed', answer: 'You said: <system_prompt>\nbe brief\n</system_prompt>\n\n/about it' },
      { type: 'completed', answer: 'done' },
    ])
    expect(readFileSync(join(other, 'where'), 'utf8').trim()).toBe(other)
    expect(modelsAsked()).toEqual(['gemini-3.1-pro-preview-customtools', 'gemini-3.8-flash'])

    second.prompt('[[tool: run_shell_command {"command":"sleep 300"}]]')
    await expect.poll(() => processes().length).toBeGreaterThan(1)
    await second.close('kill')
    expect(processes()).toHaveLength(1)
    expect(await first.prompt('$about [[say: still here]]').end).toMatchObject({ answer: 'still here' })
    await first.close()
  },
)

test(
  '[clean-room] gemini runs no hooks and no MCP servers of the user, and leaves their settings alone',
  thorough,
  async () => {
    const { driver, spec } = start()
    const [hook, server, path] = ['hook', 'server', '.gemini/settings.json'].map((name) =>
      join(stage().home.home, name),
    )
    const settings = JSON.stringify({
      hooks: { BeforeAgent: [{ hooks: [{ type: 'command', command: `touch ${hook}` }] }] },
      mcpServers: { mine: { command: 'touch', args: [server] } },
    })
    writeFileSync(`${path}`, settings)
    const { prompt, close } = await driveSession(driver, spec)
    expect(await prompt('[[say: four]]').end).toEqual({ type: 'completed', answer: 'four' })
    await close()
    expect([hook, server].filter((file) => existsSync(`${file}`))).toEqual([])
    expect(readFileSync(`${path}`, 'utf8')).toBe(settings)
  },
)

test(
  '[driver-contract] gemini resumes an earlier session with its context, also within the same minute',
  thorough,
  async () => {
    const { driver, spec } = start()
    const first = await driveSession(driver, spec)
    const { sessionId } = await first.record.next('session-identified')
    await first.prompt('my first words [[say: hello]]').end
    await first.prompt('my second [[think: hm]] [[say: a long one]] [[chunks: 40 x 1ms]]').end
    await first.close()
    const second = await driveSession(driver, { ...spec, resumeSessionId: sessionId, model: 'auto' })
    expect(await failToOpen(driver, { ...spec, resumeSessionId: 'nobody' })).toMatchObject({
      reason: 'bad-request',
    })
    second.session.send({ type: 'configure', model: 'pro' })
    expect(JSON.stringify(await second.prompt('[[recall]]').end)).toContain('my first words')
    expect(second.record.events.filter(({ type }) => type === 'message-ended')).toHaveLength(1)
    await second.close()
  },
)

test(
  '[driver-contract] a refused model request is reported at the first attempt, and the turn continues',
  thorough,
  async () => {
    const { driver, spec } = start()
    const { prompt, record, close } = await driveSession(driver, spec)
    const { end } = prompt('[[status: 429 times=1 too much]] [[say: back]]')
    const limit = startLimit(3_000)
    expect(await record.next('retry-announced')).toMatchObject({
      attempt: 1,
      failure: { reason: 'rate-limited', httpStatus: 429 },
    })
    expect(await limit.isOver()).toBe(false)
    expect(await end).toEqual({ type: 'completed', answer: 'back' })
    await close()
  },
)

test(
  "[permission-allow] asksAll: gemini asks also for calls that the user's settings allow, and for reads",
  thorough,
  async () => {
    const { driver, spec } = start()
    const folder = join(stage().home.home, '.gemini')
    const settings: unknown = JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))
    const tools = { allowed: ['run_shell_command', 'read_file'] }
    writeFileSync(join(folder, 'settings.json'), JSON.stringify(Object.assign({}, settings, { tools })))
    mkdirSync(join(folder, 'policies'))
    const all = '[[rule]]\ntoolName = "*"\ndecision = "allow"\npriority = 999\n'
    writeFileSync(join(folder, 'policies', 'mine.toml'), all)
    const asked = { ...spec, permissions: 'full-auto', asksAll: true } as const
    const { session, prompt, record, close } = await driveSession(driver, asked)
    const read = `read_file {"file_path":"${join(spec.cwd, 'here')}"}`
    writeFileSync(join(spec.cwd, 'here'), 'x')
    for (const call of ['run_shell_command {"command":"touch asked"}', read]) {
      const { end } = prompt(`[[tool: ${call}]] [[say: went on]]`)
      const { requestId } = await record.next('approval-requested')
      session.send({ type: 'answer', requestId, decision: 'deny' })
      expect(await end).toEqual({ type: 'completed', answer: 'went on' })
    }
    await close()
    expect(existsSync(join(spec.cwd, 'asked'))).toBe(false)
  },
)

function modelsAsked(): string[] {
  const turns = stage().model.requests.filter(({ kind }) => kind === 'turn')
  return [...new Set(turns.map(({ path }) => /models\/([^:]+)/.exec(path)?.[1] ?? ''))].sort()
}

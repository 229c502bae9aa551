import { soakOnly, thorough, type Rule } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useServerStage, type ServerStage } from './server-stage.js'
import { processesOf } from './processes.js'

const stage = useServerStage()

const refuse = (to: NonNullable<Rule['to']>, status: number): Rule => ({
  match: /^/,
  to,
  steps: [{ type: 'status', status, message: 'refused' }],
})

test(
  '[three-providers][all-fail][effort] agents of claude, codex and gemini run in parallel, each on its own CLI; when every candidate fails, one error names each with its reason; a note says that a model takes no effort',
  thorough,
  async () => {
    const { launch, host } = stage()
    const ids = await Promise.all(
      ['claude', 'codex', 'gemini'].map((provider) => launch(`[[say: I am ${provider}]]`, { provider })),
    )
    const { text, agents } = await host.call('wait', { agent_ids: ids, until: 'all' })
    expect(agents.map(({ status, provider }) => [status, provider])).toEqual([
      ['finished', 'claude'],
      ['finished', 'codex'],
      ['finished', 'gemini'],
    ])
    for (const provider of ['claude', 'codex', 'gemini']) expect(text).toContain(`I am ${provider}`)
    await expectAllFail(stage())
    await expectEffortNote(stage())
  },
)

/** Expects that a launch of which every candidate fails has one error, which names each candidate with its reason. */
async function expectAllFail({ model, host }: ServerStage): Promise<void> {
  model.script([refuse('anthropic', 400), refuse('openai', 400), refuse('gemini', 400)])
  const [launched] = (await host.call('launch_agent', { prompt: 'x', task_category: 'coding' })).agents
  const { text, agents } = await host.call('wait')
  expect(agents).toMatchObject([
    { id: launched?.id, status: 'errored', failure: { reason: 'no-candidate-left' } },
  ])
  for (const provider of ['claude', 'codex', 'gemini']) {
    expect(text).toMatch(new RegExp(`${provider} [\\w .-]+: bad-request: `))
  }
  model.script([])
}

/** Expects that the answers about an agent on Gemini say that its model takes no effort. */
async function expectEffortNote({ host }: ServerStage): Promise<void> {
  const gemini = { provider: 'gemini', model: 'flash', effort: 'high' }
  const noted = await host.call('launch_agent', launchWith(gemini))
  expect(noted.text).toMatch(/^note: .*effort/m)
  expect((await host.call('wait')).text).toMatch(/^note: .*effort/m)
}

test('[failover][pinned] a launch on an overloaded provider moves on to the next one, and the answer says so; a named provider and model are never replaced', async () => {
  const { model, host, launch } = stage()
  model.script([refuse('anthropic', 529), refuse('openai', 400)])
  const pinned = { provider: 'codex', model: 'gpt' }
  await launch('x', pinned)
  expect((await host.call('wait')).agents).toMatchObject([
    { status: 'errored', provider: 'codex', attempts: [], failure: { reason: 'bad-request' } },
  ])
  // An effort that the provider does not have is refused at launch.
  const options = { prompt: 'x', task_category: 'coding', ...pinned, effort: 'ultracode' }
  const refused = await host.call('launch_agent', options)
  expect(refused.isError).toBe(true)
  expect(refused.text).toMatch(/^not-supported: .*ultracode/)

  model.script([refuse('anthropic', 529)])
  const { agents } = await host.call('launch_agent', {
    prompt: '[[say: done elsewhere]]',
    task_category: 'coding',
  })
  const { text } = await host.call('wait')
  expect(text).toContain('done elsewhere')
  expect(text).toMatch(/moved on from claude \w+.*: overloaded: /)
  const agent = (await host.call('list_agents')).agents.find(({ id }) => id === agents[0]?.id)
  expect(agent).toMatchObject({ status: 'finished' })
  expect(agent?.provider).not.toBe('claude')
})

test(
  '[failover] where a project keeps gemini from starting, the launch moves on and says which file and key it was',
  thorough,
  async () => {
    const { host, home } = stage()
    mkdirSync(join(home.cwd, '.gemini'))
    const settings = join(home.cwd, '.gemini', 'settings.json')
    writeFileSync(settings, '{"tools": {"discoveryCommand": "touch ran"}}')
    await host.call('launch_agent', launchWith({ prefer: 'gemini', mcp: 'inherit' }))
    const { text, agents } = await host.call('wait')
    expect(agents).toMatchObject([{ status: 'finished', provider: 'claude' }])
    expect(text).toContain(`refused: gemini was not started: ${settings} sets tools.discoveryCommand`)
    await host.call('launch_agent', launchWith({ provider: 'gemini', mcp: 'inherit' }))
    expect((await host.call('wait')).agents).toMatchObject([{ failure: { reason: 'refused' } }])
    expect(existsSync(join(home.cwd, 'ran'))).toBe(false)
  },
)

test(
  '[named-provider] where codex is at its limit, a launch on it fails and never starts claude; one that prefers it moves on',
  thorough,
  async () => {
    const { model, host, home } = stage()
    model.script([refuse('openai', 429)])
    const [named] = (await host.call('launch_agent', launchWith({ provider: 'codex' }))).agents
    const { text, agents } = await host.call('wait')
    expect(agents).toMatchObject([
      {
        status: 'errored',
        provider: 'codex',
        failure: { reason: 'rate-limited' },
        attempts: [{ tried: true }],
      },
    ])
    expect(text).toMatch(/hint: .*give prefer codex in place of provider/)
    expect(model.requests.filter(({ dialect }) => dialect === 'anthropic')).toEqual([])
    expect(processesOf(home.home, 'claude')).toEqual([])

    const [preferred] = (await host.call('launch_agent', launchWith({ prefer: 'codex' }))).agents
    const answer = await host.call('wait')
    expect(answer.text).toMatch(
      / finished in [\d.]+ s on claude\S*,.*\nmoved on from codex .*: rate-limited: /,
    )
    expect(answer.agents).toMatchObject([{ id: preferred?.id, status: 'finished', provider: 'claude' }])
    expect(preferred?.id).not.toBe(named?.id)
  },
)

test('[named-provider] where codex is absent, a launch on it is refused with how to install it', async () => {
  const { host, home } = await stage().restart({ SUBAGENT_MCP_CODEX_PATH: undefined, PATH: '/nowhere' })
  const refused = await host.call('launch_agent', launchWith({ provider: 'codex' }))
  expect(refused.isError).toBe(true)
  expect(refused.text).toMatch(
    /^not-installed: codex cannot do it: .*\nhint: .*npm install -g @openai\/codex/,
  )
  expect((await host.call('list_agents')).agents).toEqual([])
  expect(processesOf(home.home, 'claude')).toEqual([])
})

/** Returns the launch options for this choice of provider. */
function launchWith(choice: object): object {
  return { prompt: '[[say: done]]', task_category: 'mechanical', ...choice }
}

test('[deadlock] a third try of a task goes to a candidate that has not failed it', thorough, async () => {
  const { host } = stage()
  const options = { prompt: '[[say: still wrong]]', task_category: 'architecture' }
  const tried: string[] = []
  for (const deadlock of [false, false, true]) {
    const { text } = await host.call('launch_agent', { ...options, deadlock })
    tried.push(text.split('\n', 1)[0]?.replace(/^launched agent \w+ on /, '') ?? '')
    await host.call('wait')
  }
  // The strongest candidate is also the first of the category. It is skipped only because it has failed the task.
  expect(tried.slice(0, 2)).toEqual(['claude fable high', 'claude fable high'])
  expect(tried[2]).toMatch(/^codex /)
})

test(
  '[shared-process] killing the process of ten codex agents errors all ten, and the next launch works',
  thorough,
  async () => {
    const { host, launch, home, model } = await stage().configure({ limits: { maxTurnsPerProvider: 10 } })
    const codex = { provider: 'codex', model: 'gpt' }
    const hanging = Array.from({ length: 10 }, () => launch('[[say: here]] [[hang]]', codex))
    const ids = await Promise.all(hanging)
    await expect.poll(() => model.requests.filter(({ kind }) => kind === 'turn').length).toBe(10)
    const processes = processesOf(home.home, 'codex')
    expect(processes).toHaveLength(1)
    for (const { pid } of processes) process.kill(pid, 'SIGKILL')
    const { agents } = await host.call('wait', { agent_ids: ids, until: 'all' })
    expect(agents.map(({ status, failure }) => [status, failure?.reason])).toEqual(
      ids.map(() => ['errored', 'crashed']),
    )
    await launch('[[say: alive again]]', codex)
    expect((await host.call('wait')).text).toContain('alive again')
  },
)

test('[shared-process] ten gemini agents that are launched together all finish', soakOnly, async () => {
  const { host, launch } = await stage().configure({ limits: { maxTurnsPerProvider: 10 } })
  const gemini = { provider: 'gemini', model: 'flash' }
  const ids = await Promise.all(Array.from({ length: 10 }, () => launch('[[say: here]]', gemini)))
  const { agents } = await host.call('wait', { agent_ids: ids, until: 'all' })
  expect(agents.map(({ status }) => status)).toEqual(ids.map(() => 'finished'))
})

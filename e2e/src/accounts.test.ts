import { thorough } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { daemonClient, daemonPid } from './home-daemons.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'configured')

/** Writes the folders of two further accounts, each of which sends a header of its own to the model server. */
function writeAccounts(home: string, modelUrl: string) {
  const [claude, codex] = [join(home, 'claude-work'), join(home, 'codex-work')]
  for (const folder of [claude, codex]) mkdirSync(folder)
  const env = { ANTHROPIC_CUSTOM_HEADERS: 'x-account: claude-work' }
  writeFileSync(join(claude, 'settings.json'), JSON.stringify({ apiKeyHelper: 'echo key-of-work', env }))
  writeFileSync(join(codex, 'auth.json'), JSON.stringify({ OPENAI_API_KEY: 'key-of-work' }))
  writeFileSync(
    join(codex, 'config.toml'),
    `model_provider = "loopback"
check_for_update_on_startup = false
[model_providers.loopback]
name = "loopback"
base_url = "${modelUrl}/v1"
wire_api = "responses"
requires_openai_auth = true
http_headers = { "x-account" = "codex-work" }
[analytics]
enabled = false
`,
  )
  return {
    work: { provider: 'claude', folder: claude },
    'codex-work': { provider: 'codex', folder: codex },
  }
}

test(
  '[accounts] agents run on the account that they name, each with its own limits, also right after kill -9',
  thorough,
  async () => {
    const { home, model } = stage()
    const accounts = writeAccounts(home.home, model.url)
    const { host, subagentMcp } = await stage().configure({
      accounts,
      budgets: { reserve: { 'codex-work': { seven_day: 30 } }, day: { work: { tokens: 100_000 } } },
    })
    const run = async (prompt: string, options: object) => {
      const launched = await host.call('launch_agent', { prompt, task_category: 'mechanical', ...options })
      if (!launched.isError) await host.call('wait')
      return launched
    }
    const accountOf = (prompt: string) =>
      model.requests.findLast(({ bodyText }) => bodyText.includes(prompt))?.headers['x-account']
    const inAnHour = Math.floor(Date.now() / 1000) + 3_600
    model.answerWith({
      'x-codex-primary-used-percent': '75',
      'x-codex-primary-window-minutes': '10080',
      'x-codex-primary-reset-at': String(inAnHour),
    })
    const onClaude = await run('[[usage: input=120000 output=1]] [[say: plums]]', { account: 'work' })
    expect(onClaude.agents).toMatchObject([{ provider: 'claude', account: 'work' }])
    expect((await run('[[say: quinces]]', { account: 'codex-work' })).agents).toMatchObject([
      { provider: 'codex', account: 'codex-work' },
    ])
    expect([accountOf('plums'), accountOf('quinces')]).toEqual(['claude-work', 'codex-work'])
    const atTheirLimits = async () => {
      const spent = await run('[[say: no]]', { account: 'work' })
      expect(spent.text).toContain(
        "the day's budget of 100000 tokens for account 'work' of claude is spent: 120001 tokens used",
      )
      const reserved = await run('[[say: other]]', { account: 'codex-work', prefer: 'codex' })
      expect(reserved.agents).toMatchObject([{ provider: 'claude' }])
      expect(reserved.text).toContain(
        "skipped codex: account 'codex-work' of codex has 25 % of its seven_day limit left, and 30 % are reserved",
      )
      model.answerWith({})
      const ofDefaults = [
        await run('[[say: medlars]]', { provider: 'claude' }),
        await run('[[say: sloes]]', { provider: 'codex' }),
      ]
      expect(ofDefaults.flatMap(({ agents }) => agents)).toMatchObject([
        { provider: 'claude' },
        { provider: 'codex' },
      ])
      expect([accountOf('medlars'), accountOf('sloes')]).toEqual([undefined, undefined])
    }
    await atTheirLimits()
    process.kill(await daemonPid(home.home), 'SIGKILL')
    await subagentMcp('ps')
    await host.call('list_agents').catch(() => undefined)
    await atTheirLimits()
    const usage = await daemonClient(home.home).usage({ by: 'account' })
    const of = (name: string) => usage.groups.find(({ account }) => account === name)
    expect(of('work')).toMatchObject({ provider: 'claude', turns: 1, turnsWithoutTokens: 0 })
    expect(of('codex-work')).toMatchObject({ provider: 'codex', turns: 1, turnsWithoutCost: 1 })
    expect(usage.limits.find(({ account }) => account === 'codex-work')).toMatchObject({
      ...{ name: 'seven_day', usedPercent: 75, reservedPercent: 30 },
    })
    expect(usage.budgets).toMatchObject([{ account: 'work', limit: 'tokens', most: 100_000, used: 120_001 }])
    expect(await subagentMcp('doctor').catch(String)).toContain("account 'work' of claude: ")
    const unknown = await run('[[say: no]]', { account: 'play' })
    expect(unknown.text).toMatch(/^invalid-parameter: no account 'play'.*use one of work, codex-work/s)
  },
)

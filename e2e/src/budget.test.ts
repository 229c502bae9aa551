import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { daemonPid } from './home-daemons.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage()

/** Three model requests of 5,050 tokens each; the last one never ends. */
const longTurn = (call: string): string =>
  `[[usage: input=5000 output=50]] [[say: step one]] [[tool: ${call}]] ` +
  `[[usage: input=5000 output=50]] [[say: step two]] [[tool: ${call}]] [[hang]]`

const calls = { claude: 'Bash {"command":"ls"}', codex: 'exec_command {"cmd":"ls"}' }

test.each(['claude', 'codex'] as const)(
  '[budget] tokens that %s uses up in the middle of a turn end it; a person goes on with more, in the same session',
  thorough,
  async (provider) => {
    const { home, host, launch, subagentMcp } = stage()
    const id = await launch(longTurn(calls[provider]), { provider, budget: { tokens: 9_000 } })
    const { text, agents } = await host.call('wait')
    expect(agents).toMatchObject([{ id, status: 'errored', failure: { reason: 'budget-spent' } }])
    expect(text).toMatch(/budget-spent: its budget of 9000 tokens is spent: \d+ tokens used/)
    expect(text).toContain('step one')
    const refused = await host.call('send_message', { agent_id: id, message: '[[say: more]]' })
    expect(refused.text).toMatch(/^budget-spent: /)
    // The daemon is killed: what was spent is known from its journal alone.
    process.kill(await daemonPid(home.home), 'SIGKILL')
    await expect(subagentMcp('send', id, 'go on', '--budget-tokens', '9000')).rejects.toThrow(
      /budget of 9000/,
    )
    const said = await subagentMcp('send', id, '[[recall]]', '--budget-tokens', '90000', '--wait')
    expect(said).toContain('step one')
  },
)

test('[budget] a budget of usd alone is refused on gemini, whose cost is unknown', thorough, async () => {
  const { host } = stage()
  const launch = (budget: object) =>
    host.call('launch_agent', {
      prompt: '[[say: ok]]',
      task_category: 'mechanical',
      provider: 'gemini',
      budget,
    })
  const refused = await launch({ usd: 1 })
  expect(refused.text).toMatch(/^not-supported: .*the cost of gemini is unknown, so a budget of usd alone/)
  expect((await launch({ tokens: 0 })).text).toContain('budget.tokens must be more than 0')
  expect((await launch({ usd: 1, minutes: 5 })).isError).toBe(false)
  expect((await host.call('wait')).agents).toMatchObject([{ status: 'finished' }])
})

test(
  '[reserve] where less of the codex week is left than reserved, launches go elsewhere, also right after kill -9',
  thorough,
  async () => {
    const { home, host, launch, model, subagentMcp } = await stage().configure({
      budgets: { reserve: { codex: { seven_day: 30 } } },
    })
    const inAnHour = Math.floor(Date.now() / 1000) + 3_600
    const week = (used: number) => ({
      'x-codex-primary-used-percent': String(used),
      'x-codex-primary-window-minutes': '10080',
      'x-codex-primary-reset-at': String(inAnHour),
    })
    const prefer = { prompt: '[[say: done]]', task_category: 'mechanical', prefer: 'codex' }
    model.answerWith(week(60))
    await launch('[[say: one]]', { provider: 'codex' })
    await host.call('wait')
    const second = await host.call('launch_agent', prefer)
    expect(second.text).toContain('headroom: 40 % of seven_day')
    expect(second.agents).toMatchObject([{ provider: 'codex' }])
    await host.call('wait')
    model.answerWith(week(75))
    await launch('[[say: two]]', { provider: 'codex' })
    await host.call('wait')
    const elsewhere = async () => {
      const launched = await host.call('launch_agent', prefer)
      expect(launched.agents).toMatchObject([{ provider: 'claude' }])
      expect(launched.text).toContain(
        'skipped codex: codex has 25 % of its seven_day limit left, and 30 % are reserved\n',
      )
      await host.call('wait')
    }
    await elsewhere()
    process.kill(await daemonPid(home.home), 'SIGKILL')
    await subagentMcp('ps')
    await host.call('list_agents').catch(() => undefined)
    await elsewhere()
    const named = await host.call('launch_agent', { ...prefer, prefer: undefined, provider: 'codex' })
    expect(named.text).toMatch(/30 % are reserved/)
  },
)

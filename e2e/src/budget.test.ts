import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { z } from 'zod'
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
    const { host, launch, subagentMcp } = stage()
    const id = await launch(longTurn(calls[provider]), { provider, budget: { tokens: 9_000 } })
    const { text, agents } = await host.call('wait')
    expect(agents).toMatchObject([{ id, status: 'errored', failure: { reason: 'budget-spent' } }])
    expect(text).toMatch(/budget-spent: its budget of 9000 tokens is spent: \d+ tokens used/)
    expect(text).toContain('step one')
    const refused = await host.call('send_message', { agent_id: id, message: '[[say: more]]' })
    expect(refused.text).toMatch(/^budget-spent: /)
    // The daemon is killed: what was spent is known from its journal alone.
    const { pid } = z
      .object({ pid: z.number() })
      .parse(JSON.parse(await subagentMcp('daemon', 'status', '--json')))
    process.kill(pid, 'SIGKILL')
    await expect(subagentMcp('send', id, 'go on', '--budget-tokens', '9000')).rejects.toThrow(
      /budget of 9000/,
    )
    const said = await subagentMcp('send', id, '[[recall]]', '--budget-tokens', '90000', '--wait')
    expect(said).toContain('step one')
  },
)

test('[budget] a budget of usd alone is refused on gemini, whose cost is unknown', async () => {
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

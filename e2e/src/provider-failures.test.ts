import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { useServerStage } from './server-stage.js'

const stage = useServerStage()

const providers = [
  {
    launchOptions: { provider: 'codex', model: 'gpt' },
    classes: [
      ['[[status: 400]]', 'bad-request'],
      ['[[status: 401]]', 'not-signed-in'],
      ['[[status: 404]]', 'model-unavailable'],
      ['[[status: 429 usage_limit_reached]]', 'rate-limited'],
      ['[[say: x]] [[status: 400 context_length_exceeded]]', 'context-too-long'],
    ],
  },
  {
    launchOptions: { provider: 'gemini', model: 'pro' },
    classes: [
      ['[[status: 400]]', 'bad-request'],
      ['[[status: 401]]', 'not-signed-in'],
      ['[[status: 403]]', 'not-signed-in'],
      ['[[status: 404]]', 'model-unavailable'],
    ],
  },
] as const

/** All failures of a provider are tried in parallel, because some CLIs retry for a while. */
for (const { launchOptions, classes } of providers)
  test(`[api-errors] ${launchOptions.provider} names what its model API refused`, thorough, async () => {
    const { launch, host } = stage()
    const ids = await Promise.all(classes.map(([prompt]) => launch(`Try. ${prompt}`, launchOptions)))
    await host.call('wait', { agent_ids: ids, until: 'all' })
    const { agents } = await host.call('list_agents')
    expect(ids.map((id) => agents.find((agent) => agent.id === id)?.failure?.reason)).toEqual(
      classes.map(([, reason]) => reason),
    )
  })

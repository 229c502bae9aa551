import { expect, test } from 'vitest'
import { useArena } from './arena.js'

const arena = useArena()

/** All classes of a provider's failures run at once: some CLIs take their time before they give up. */
test.each([
  {
    order: { provider: 'codex', model: 'gpt' },
    classes: [
      ['[[status: 400]]', 'bad-request'],
      ['[[status: 401]]', 'not-signed-in'],
      ['[[status: 404]]', 'model-unavailable'],
      ['[[status: 429 usage_limit_reached]]', 'rate-limited'],
      ['[[say: x]] [[status: 400 context_length_exceeded]]', 'context-too-long'],
    ],
  },
  {
    order: { provider: 'gemini', model: 'pro' },
    classes: [
      ['[[status: 400]]', 'bad-request'],
      ['[[status: 401]]', 'not-signed-in'],
      ['[[status: 403]]', 'not-signed-in'],
      ['[[status: 404]]', 'model-unavailable'],
    ],
  },
])('[api-errors] $order.provider names what its model API refused', async ({ order, classes }) => {
  const { launch, host } = arena()
  const ids = await Promise.all(classes.map(([prompt = '']) => launch(`Try. ${prompt}`, order)))
  await host.call('wait', { agent_ids: ids, until: 'all' })
  const { agents } = await host.call('list_agents')
  expect(ids.map((id) => agents.find((agent) => agent.id === id)?.failure?.reason)).toEqual(
    classes.map(([, reason]) => reason),
  )
})

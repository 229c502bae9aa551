import { findExecutable } from '@subagent-mcp/driver-kit'
import { thorough } from '@subagent-mcp/testkit'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useServerStage } from './server-stage.js'
import { cliPathVariables } from './cli-paths.js'
import { pinnedClaude } from './mcp-host.js'

/** Whether this machine has a CLI in a well-known place, where our server finds it also without PATH. */
const isInstalled = ['claude', 'codex', 'gemini'].some(
  (name) => findExecutable({ name, environment: { PATH: '/nowhere' } }) !== undefined,
)
/** Whether managed settings of a company may sign Claude in, so that it cannot be signed out. */
const isManaged = existsSync('/etc/claude-code')

const stage = useServerStage({ CLAUDE_CODE_MAX_RETRIES: '0' }, 'configured')

/** Error answers of the model API, each with the reason that the agent must show. */
const refusals = [
  ['[[status: 429 retry-after=1]]', 'rate-limited'],
  ['[[status: 529]]', 'overloaded'],
  ['[[status: 401]]', 'not-signed-in'],
  ['[[status: 500]]', 'overloaded'],
  ['[[status: 404]]', 'model-unavailable'],
  ['[[status: 400 prompt is too long: 250000 tokens > 200000 maximum]]', 'context-too-long'],
] as const

test('[api-errors] a refusal of the API makes the turn errored with its reason, and the agent takes another message', async () => {
  const { launch, host } = await stage().restart({})
  const [[first]] = refusals
  const id = await launch(`Try. ${first}`)
  const say = (message: string) => host.call('send_message', { agent_id: id, message })
  for (const [script, reason] of refusals) {
    if (script !== first) await say(`Try. ${script}`)
    const { text, agents } = await host.call('wait')
    expect(agents, script).toMatchObject([{ status: 'errored', alive: true, failure: { reason } }])
    expect(text).toContain(`errored: ${reason}: `)
    await say('[[say: fine again]]')
    expect((await host.call('wait')).text, script).toContain('fine again')
  }
})

test(
  '[api-errors] a turn whose CLI keeps retrying a 401 is errored without waiting for the retries',
  thorough,
  async () => {
    const { launch, host } = await stage().restart({ CLAUDE_CODE_MAX_RETRIES: undefined })
    const id = await launch('Try. [[status: 401]]')
    const { text, agents } = await host.call('wait')
    expect(agents).toMatchObject([{ id, status: 'errored', failure: { reason: 'not-signed-in' } }])
    expect(text).toMatch(/next: send_message to follow up, or launch_agent$/)
  },
)

test('[pinned][api-errors] a CLI finishes its own retries of a 529, which are shown', thorough, async () => {
  const { launch, host } = await stage().restart({ CLAUDE_CODE_MAX_RETRIES: '4' })
  const id = await launch('Try. [[status: 529 times=3]] [[say: got through]]')
  expect((await host.call('wait')).text).toContain('got through')
  expect((await host.call('poll_agent', { agent_id: id })).text).toMatch(/retry overloaded, try 3 of 4/)
})

test.skipIf(isInstalled)(
  '[not-installed] a missing CLI is an error at launch that says how to install it',
  async () => {
    const nowhere = Object.fromEntries(Object.keys(cliPathVariables).map((name) => [name, undefined]))
    const { host } = await stage().restart({ ...nowhere, PATH: '/nowhere' })
    const answer = await host.call('launch_agent', { prompt: 'x', task_category: 'coding' })
    expect(answer.isError).toBe(true)
    expect(answer.text).toMatch(/^not-installed: .*claude.*codex.*gemini.*\nhint: .*install/)
  },
)

test.skipIf(isManaged)(
  '[not-installed] a CLI that cannot be signed in is an error at launch that says how to sign in',
  async () => {
    const { host } = await stage().restart({ ANTHROPIC_API_KEY: undefined })
    const answer = await host.call('launch_agent', { prompt: 'x', task_category: 'coding', ...pinnedClaude })
    expect(answer.text).toMatch(/^not-signed-in: .*claude[\s\S]*hint: .*sign in/)
  },
)

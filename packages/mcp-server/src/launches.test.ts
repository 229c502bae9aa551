import type { Failure } from '@subagent-mcp/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { launchArguments, startManualServer, type ManualServer } from './manual-server.test.support.js'

let driver: ManualServer['driver']
let host: ManualServer['host']
let close: ManualServer['close']

beforeEach(async () => {
  ;({ driver, host, close } = await startManualServer())
})

afterEach(() => close())

test('a known request id returns the earlier launch', async () => {
  await host.call('launch_agent', { ...launchArguments, request_id: 'r' })
  expect(await host.call('launch_agent', { ...launchArguments, request_id: 'r' })).toContain(
    'request_id known',
  )
  const refused = await host.call('launch_agent', { ...launchArguments, prompt: 'another', request_id: 'r' })
  expect(refused).toMatch(
    /^request-id-used: request_id 'r' has launched agent a1 .*\nhint: .*new request_id.*a1/,
  )
  expect(driver.sessions).toHaveLength(1)
})

test('the answer names the agent, the provider and the model', async () => {
  expect(await host.call('launch_agent', { ...launchArguments, name: 'docs' })).toMatch(
    /^launched agent a1 "docs" on claude opus high\n/,
  )
})

test('a named provider is tried alone, a preferred one first', async () => {
  const { provider, prompt, task_category } = launchArguments
  expect(await host.call('launch_agent', { prompt, task_category, prefer: provider })).toMatch(
    /^launched agent a1 on claude /,
  )
  driver.preflightFailure = { reason: 'not-installed', message: 'no claude here', hint: 'install claude' }
  expect(await host.call('launch_agent', { prompt, task_category, provider })).toMatch(
    /^not-installed: claude cannot do it: not-installed: no claude here\nhint: install claude; or give prefer claude in place of/,
  )
  expect(await host.call('launch_agent', { ...launchArguments, prefer: 'claude' })).toMatch(
    /^invalid-parameter: prefer cannot be combined with provider/,
  )
})

test('a launch that failed over says so in poll_agent and once in wait', async () => {
  await host.call('launch_agent', { prompt: 'x', task_category: 'coding' })
  const failure: Failure = { reason: 'overloaded', message: 'too busy\nfor you' }
  await driver.sessions.at(-1)?.open({ type: 'failed', failure })
  await driver.sessions.at(-1)?.open()
  expect(await host.call('poll_agent', { agent_id: 'a1' })).toMatch(
    /^moved on from claude .*: overloaded: too busy$/m,
  )
  driver.sessions.at(-1)?.finish('done')
  expect(await host.call('wait')).toMatch(/^moved on from claude .*: overloaded: too busy\ndone$/m)
  await host.call('send_message', { agent_id: 'a1', message: 'more' })
  driver.sessions.at(-1)?.finish('again')
  expect(await host.call('wait')).not.toContain('moved on')
})

test("secrets in an agent's text are masked, also where it is cut", async () => {
  const token = ['gl', 'pat-', 'aB3dE5gH7jK9mN2pQ4rS'].join('')
  await host.call('launch_agent', launchArguments)
  await driver.sessions.at(-1)?.open()
  driver.sessions.at(-1)?.finish(`${token} ${'x '.repeat(1_990)}`)
  const answer = await host.call('wait')
  expect(answer).toMatch(/….*sked: GitLab token\]/)
  expect(answer).not.toContain('mN2pQ4rS')
})

test('launch_agent reports options without an effect', async () => {
  driver.effort = () => ({ type: 'none', note: 'opus takes no effort' })
  expect(await host.call('launch_agent', launchArguments)).toMatch(
    /^launched agent a1 on claude opus high\nnote: opus takes no effort\nnext: /,
  )
})

test('a second try of the same candidate is reported as such', async () => {
  await host.call('launch_agent', { prompt: 'x', task_category: 'coding' })
  const failure: Failure = { reason: 'connection-lost', message: 'no network' }
  await driver.sessions.at(-1)?.open({ type: 'failed', failure })
  await driver.sessions.at(-1)?.open()
  expect(await host.call('poll_agent', { agent_id: 'a1' })).toMatch(
    /^tried again after claude .*: no network$/m,
  )
})

test('when every candidate fails to open, the answer has no next message and no queued one', async () => {
  await host.call('launch_agent', { prompt: 'x', task_category: 'coding' })
  const failure: Failure = { reason: 'not-signed-in', message: 'sign in', hint: 'run claude' }
  await driver.sessions.at(-1)?.open({ type: 'failed', failure })
  const text = await host.call('wait')
  expect(text).toMatch(
    /errored: no-candidate-left: none could do it: .*claude .*sign in.*\nhint: .*run claude; or /,
  )
  expect(text).not.toContain('NOT delivered')
  expect(text).toMatch(/next: launch_agent$/)
})

test('limits that providers report are listed, and others are unknown', async () => {
  await host.call('launch_agent', launchArguments)
  const session = driver.sessions.at(-1)
  await session?.open()
  const limits = [
    { name: 'five_hour', usedPercent: 84.6, resetsAt: 8.64e15, exhausted: false },
    { name: 'week', exhausted: false },
  ]
  session?.sink({ type: 'limits-reported', limits })
  expect(await host.call('list_agents')).toMatch(
    /\nlimits of claude: five_hour, 85 % used, resets at .*Z; week, use unknown$/,
  )
})

test('a queued agent is reported with place and reason; with queue off the launch is refused', async () => {
  await close()
  ;({ driver, host, close } = await startManualServer({ limits: { maxTurns: 1 } }))
  await host.call('launch_agent', launchArguments)
  expect(await host.call('launch_agent', launchArguments)).toContain(
    'queued as number 1, starts by itself: 1 turn runs (maxTurns 1)',
  )
  expect(await host.call('launch_agent', { ...launchArguments, queue: false })).toMatch(
    /^at-capacity: 1 turn runs \(maxTurns 1\); 1 in line before it\n/,
  )
})

test('an agent is offered no tool that launches agents', async () => {
  await close()
  ;({ driver, host, close } = await startManualServer({ mayLaunch: false }))
  const { result } = await host.request('tools/list')
  expect(JSON.stringify(result)).not.toContain('launch_agent"')
  expect(JSON.stringify(result)).toContain('"wait"')
})

test('on_host_exit of a launch, else of the server, decides whether its agent continues', async () => {
  const [usual] = await host.agents('launch_agent', launchArguments)
  const [other] = await host.agents('launch_agent', { ...launchArguments, on_host_exit: 'kill' })
  expect([usual?.onHostExit, other?.onHostExit]).toEqual(['keep', 'kill'])
})

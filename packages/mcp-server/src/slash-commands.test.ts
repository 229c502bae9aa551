import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer

beforeEach(async () => {
  server = await startManualServer()
  server.agents.define('reviewer', 'subagents')
})

afterEach(() => server.close())

async function said(name: string, input?: object): Promise<string> {
  const { result, error } = await server.host.request('prompts/get', {
    name,
    ...(input && { arguments: input }),
  })
  return error?.message ?? JSON.stringify(result?.['messages'])
}

test('each defined agent is a prompt with a task; one shows what runs, one has changes reviewed', async () => {
  const { result } = await server.host.request('prompts/list')
  expect(result?.['prompts']).toEqual([
    { name: 'subagents', description: 'Show which sub-agents run now' },
    {
      name: 'review-with',
      description: 'Have another provider review your changes, and go on meanwhile',
      arguments: [{ name: 'provider', description: 'Such as codex; default: the best that is not yours' }],
    },
    {
      name: 'reviewer',
      description: 'Does reviewer.',
      arguments: [{ name: 'task', description: 'What it shall do', required: true }],
    },
  ])
})

test('a definition with a mistake is no prompt', async () => {
  for (const agent of server.agents.listed) agent.problem = '/p/x.md:3: bad'
  expect(JSON.stringify((await server.host.request('prompts/list')).result)).not.toContain('reviewer')
  expect(await said('reviewer', { task: 'x' })).toMatch(/there is no prompt 'reviewer'/)
})

test('the prompt of an agent has it launched with the task, or asks for the task', async () => {
  expect(await said('reviewer', { task: ' Look at "src". ' })).toContain(
    'launch the sub-agent reviewer (launch_agent with agent: \\\\"reviewer\\\\") with the task below'.replaceAll(
      '\\\\',
      '\\',
    ),
  )
  expect(await said('reviewer', { task: ' Look at "src". ' })).toContain('Task:\\nLook at \\"src\\"."')
  expect(await said('reviewer')).toContain('Ask me for a task.')
})

test('the prompt for a review has the reviewer launched with the changes, on the named provider', async () => {
  expect(await said('review-with', { provider: ' codex ' })).toContain(
    String.raw`launch_agent with agent: \"reviewer\", changes: \"uncommitted\", provider: \"codex\" and`,
  )
  expect(await said('review-with')).toContain(String.raw`changes: \"uncommitted\" and the prompt`)
  server.agents.define('writer')
  expect(await said('review-with')).toContain("there is no prompt 'review-with'")
})

test('the prompt for what runs has a line for each agent that has not ended', async () => {
  expect(await said('subagents')).toContain('Tell me: no sub-agent runs now.')
  const { session } = await server.launched('helper')
  expect(await said('subagents')).toMatch(/agent a1 \\"helper\\", processing, alive/)
  session.finish('done')
  await server.host.call('wait')
  await server.host.call('kill_agent', { agent_id: 'a1' })
  expect(await said('subagents')).toContain('Tell me: no sub-agent runs now.')
})

test('agents that may not launch others have no prompts', async () => {
  const { host, close } = await server.connect('deep', { mayLaunch: false, depth: 1 })
  expect((await host.request('prompts/list')).error?.message).toContain('Method not found')
  await close()
})

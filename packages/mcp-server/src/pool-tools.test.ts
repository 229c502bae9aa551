import { afterEach, beforeEach, expect, test } from 'vitest'
import { examplePooledProcess } from './manual-agents.test.support.js'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer

beforeEach(async () => {
  server = await startManualServer()
})

afterEach(() => server.close())

/** Calls `invoke`; its session opens at once. */
async function invoked(task = 'review it'): Promise<{ answer: Promise<string> }> {
  const { host, driver } = server
  const answer = host.call('invoke', { agent: 'reviewer', task })
  const count = driver.sessions.length
  while (driver.sessions.length === count) await new Promise(setImmediate)
  await driver.sessions.at(-1)?.open()
  return { answer }
}

const newest = (): ManualServer['driver']['sessions'][number] | undefined => server.driver.sessions.at(-1)
const lastCall = () => server.host.seen.findLast(({ result }) => result !== undefined)

test('invoke returns the answer of the task, which is deleted once the host has it', async () => {
  const { answer } = await invoked()
  newest()?.finish('no fault found')
  expect(await answer).toMatch(
    /^agent a1 "reviewer" turn 1 finished in 0\.0 s on claude\/opus\nno fault found$/,
  )
  expect(lastCall()?.result?.isError).toBeUndefined()
  expect(await server.host.call('list_agents')).toBe('no agents yet\nnext: launch_agent')
})

test('invoke returns a failed task as an error with its reason', async () => {
  const { answer } = await invoked()
  const turnId = newest()?.sent[0]?.type === 'prompt' ? newest()?.sent[0] : undefined
  const failure = { reason: 'crashed', message: 'claude was killed' } as const
  newest()?.sink({
    type: 'turn-ended',
    turnId: turnId?.type === 'prompt' ? turnId.turnId : '',
    outcome: { type: 'failed', failure },
    sessionEnds: true,
  })
  newest()?.sink({ type: 'session-closed', failure })
  expect(await answer).toMatch(/errored: crashed: claude was killed\nnext: invoke again/)
  expect(Object.keys(lastCall()?.result ?? {})).toEqual(['content', 'isError'])
})

test('invoke returns early when its task asks for permission, and wait returns the answer', async () => {
  const { answer } = await invoked()
  newest()?.sink({ type: 'approval-requested', requestId: 'r1', tool: 'Bash', input: { command: 'ls' } })
  expect(await answer).toMatch(
    /asks permission r1: Bash.*\nnext: respond_permission agent_id=a1 .*\nthen: wait agent_ids=\[a1\]$/,
  )
  await server.host.call('respond_permission', { agent_id: 'a1', decision: 'allow' })
  newest()?.finish('done')
  expect(await server.host.call('wait', { agent_ids: ['a1'] })).toContain('done')
  await server.host.call('list')
  expect(await server.host.call('wait', { agent_ids: ['a1'] })).toMatch(
    /^unknown-agent: .*\nhint: .*a task is deleted once its result was reported$/,
  )
})

test('invoke of an unknown definition is an error', async () => {
  expect(await server.host.call('invoke', { agent: 'nobody', task: 'x' })).toMatch(/^unknown-definition: /)
})

test('launch_agent takes an agent in place of a category', async () => {
  await server.host.call('launch_agent', { agent: 'reviewer', prompt: 'x' })
  await newest()?.open()
  expect(newest()?.spec.appendSystemPrompt).toBe('You review.')
  const both = { agent: 'reviewer', prompt: 'x', task_category: 'coding' }
  expect(await server.host.call('launch_agent', both)).toMatch(
    /^invalid-parameter: agent cannot be combined with task_category\n/,
  )
  const preferring = { agent: 'reviewer', prompt: 'x', prefer: 'codex' }
  expect(await server.host.call('launch_agent', preferring)).toMatch(
    /^invalid-parameter: agent cannot be combined with prefer\n/,
  )
})

test('warmup shows the ready process', async () => {
  expect(await server.host.call('warmup', { agent: 'reviewer', cache: true })).toBe(
    'reviewer: pid 4711 warm, 3 tasks, 12 s old, memory 210 MB, reset 1 s ago\nnext: invoke',
  )
  expect(server.agents.warmed).toEqual([{ cache: true }])
})

test('a new process is shown without memory, and one task in the singular', async () => {
  const { memory: _, ...rest } = examplePooledProcess
  server.agents.defined.warm = () => Promise.resolve({ ...rest, tasks: 0 })
  expect(await server.host.call('warmup', { agent: 'reviewer' })).toContain('warm, 0 tasks, 12 s old, reset')
  server.agents.defined.warm = () => Promise.resolve({ ...examplePooledProcess, tasks: 1 })
  expect(await server.host.call('warmup', { agent: 'reviewer' })).toContain('warm, 1 task, 12 s old, memory')
})

test('reset returns the number of ended processes', async () => {
  expect(await server.host.call('reset', { agent: 'reviewer' })).toBe('reviewer: 2 processes ended')
})

test('list shows active agents first, and unknown figures as unknown', async () => {
  const file = { provider: 'claude', path: '/p/x.md' }
  const none = { tasks: 0, processes: 0, usage: {} }
  server.agents.listed.push(
    { ...file, name: 'idler', description: 'Idles.', processes: [], figures: none },
    { ...file, name: 'broken', description: '', problem: '/p/x.md:3: bad', processes: [], figures: none },
    {
      ...file,
      name: 'reviewer',
      description: 'Reviews.',
      processes: [examplePooledProcess],
      figures: { tasks: 3, processes: 1, usage: { inputTokens: 100, cachedInputTokens: 90 } },
    },
  )
  expect(await server.host.call('list')).toBe(
    [
      'reviewer on claude: Reviews.',
      '  pid 4711 warm, 3 tasks, 12 s old, memory 210 MB, reset 1 s ago',
      '  3 tasks in all; input tokens: cache-read 90, cache-write unknown, fresh 10; cost unknown',
      '',
      'not started:',
      '  idler on claude: Idles.',
      '  broken: /p/x.md:3: bad',
    ].join('\n'),
  )
})

test('list shows the problem of an active agent', async () => {
  server.agents.listed.push({
    ...{ name: 'reviewer', description: '', provider: 'claude', path: '', problem: 'its file is gone' },
    processes: [examplePooledProcess],
    figures: { tasks: 1, processes: 1, usage: {} },
  })
  expect(await server.host.call('list')).toMatch(
    /^reviewer: its file is gone\n {2}pid 4711 .*\n {2}1 task in all;/,
  )
})

test('agents are not offered the tools that start processes', async () => {
  await server.close()
  server = await startManualServer({ mayLaunch: false })
  const { result } = await server.host.request('tools/list')
  const names = JSON.stringify(result)
  for (const name of ['invoke', 'warmup', 'reset', 'launch_agent']) {
    expect(names).not.toContain(`"${name}"`)
    expect(await server.host.call(name, { agent: 'reviewer' })).toMatch(/^not-supported: /)
  }
  expect(server.agents.warmed).toEqual([])
  expect(await server.host.call('dance')).toMatch(/^invalid-parameter: no tool 'dance'/)
})

import { answerPermission } from '@subagent-mcp/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer
let host: ManualServer['host']
let id: string
let session: Awaited<ReturnType<ManualServer['launched']>>['session']

beforeEach(async () => {
  server = await startManualServer({ limits: { answerWithin: 300_000 } })
  ;({ host } = server)
  ;({ id, session } = await server.launched())
})

afterEach(() => server.close())

const person = { verdict: 'ask', by: 'rule Bash(git push:*)', humanOnly: true } as const

function ask(requestId: string): void {
  session.sink({ type: 'approval-requested', requestId, tool: 'Bash', input: { command: 'git push' } })
}

const answers = (): object[] => session.sent.filter(({ type }) => type === 'answer')

test('a call that only a person may allow is reported once, with where the user answers; the next wait blocks', async () => {
  server.policy.verdict = person
  ask('p1')
  expect(await host.call('wait')).toMatch(
    new RegExp(
      `^agent ${id} asks permission p1: Bash .*\ndenied in 5 min if nobody answers\n` +
        'only a person may allow it \\(rule Bash\\(git push:\\*\\)\\); tell the user: subagent-mcp permissions\n' +
        `next: wait, or respond_permission agent_id=${id} request_id=p1 decision=deny\n\n` +
        `agent ${id}, permission_requested, .*, only a person may allow what it asks\n1 still running, next: wait$`,
    ),
  )
  server.clock.advance(1000)
  const next = host.call('wait')
  await host.call('list_agents')
  answerPermission(server.supervisor, { agentId: id, decision: 'allow', by: 'terminal', who: 'me' })
  session.finish('pushed')
  expect(await next).toContain('pushed')
})

test('the model cannot allow it and gets a hint, and it can deny it', async () => {
  server.policy.verdict = person
  ask('p1')
  const respond = { agent_id: id, request_id: 'p1', decision: 'allow' }
  expect(await host.call('respond_permission', respond)).toMatch(
    /^needs-person: only a person may allow this .*\nhint: the user answers with: subagent-mcp permissions; wait/,
  )
  expect(host.seen.at(-1)?.result?.isError).toBe(true)
  expect(await host.call('poll_agent', { agent_id: id })).toContain('asks permission p1')
  expect(answers()).toEqual([])
  expect(await host.call('respond_permission', { ...respond, decision: 'deny' })).toContain('deny: Bash')
  expect(answers()).toEqual([{ type: 'answer', requestId: 'p1', decision: 'deny' }])
})

test('several permission requests are answered by id, and those for a person are not counted', async () => {
  ask('p1')
  server.policy.verdict = person
  ask('p2')
  const text = await host.call('wait')
  expect(text).toContain(`next: respond_permission agent_id=${id} request_id=p1 decision=allow|deny`)
  expect(text).toContain(`next: wait, or respond_permission agent_id=${id} request_id=p2 decision=deny`)
  expect(text).toMatch(/no agent is running, next: respond_permission$/)
  const respond = { agent_id: id, request_id: 'p1', decision: 'allow' }
  expect(await host.call('respond_permission', respond)).toMatch(/^allow: .*\nnext: wait$/)
})

test('the second answer gets an error that names the first', async () => {
  ask('p1')
  const order = { agentId: id, decision: 'deny', by: 'http', who: 'the dashboard' } as const
  answerPermission(server.supervisor, order)
  expect(await host.call('respond_permission', { agent_id: id, decision: 'allow' })).toMatch(
    /^no-permission-pending: .*: p1 was denied before, by the dashboard \(http\)\nhint: nothing to answer: continue with wait$/,
  )
})

test('the time to the deadline is shown in minutes, at the end in seconds', async () => {
  ask('p1')
  server.clock.advance(60_000)
  expect(await host.call('poll_agent', { agent_id: id })).toContain('denied in 4 min if nobody answers')
  server.clock.advance(229_500)
  expect(await host.call('poll_agent', { agent_id: id })).toContain('denied in 11 s if nobody answers')
})

test('a launch takes a permission preset, at most that of its caller', async () => {
  const launch = { prompt: 'x', task_category: 'coding' }
  await host.call('launch_agent', { ...launch, permissions: 'read-only' })
  const agent = [...server.supervisor.state().agents.values()].at(-1)
  expect(agent?.profile.authority?.preset).toBe('read-only')
  expect(await host.call('launch_agent', { ...launch, permissions: 'full-auto' })).toMatch(
    /^above-ceiling: .*\nhint: ask for accept-edits or less/,
  )
  expect(await host.call('launch_agent', { ...launch, permissions: 'all' })).toMatch(
    /^invalid-parameter: permissions: /,
  )
})

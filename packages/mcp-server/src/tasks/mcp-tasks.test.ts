import { disconnectCaller, waitTicketLifetimeMs, listAgentsWithUnreadReports } from '@subagent-mcp/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { launchArguments, startManualServer, type ManualServer } from '../manual-server.test.support.js'
import { callTool, getTask, modern, textOf as text, type Task } from './play-tasks.test.support.js'
import { taskPollIntervalMs } from './task-result.js'

let server: ManualServer
let host: ManualServer['host']

beforeEach(async () => {
  server = await startManualServer({ ...modern, limits: { answerWithin: 300_000 } })
  ;({ host } = server)
})

afterEach(() => server.close())

const call = (name: string, input: object = {}, from = host): Promise<Task> => callTool(from, name, input)
const get = (taskId: string, from = host): Promise<Task> => getTask(from, taskId)
const unread = (caller = 'me'): string[] =>
  listAgentsWithUnreadReports(server.supervisor.state(), { caller }).finished.map(({ profile }) => profile.id)

/** Launches agents and waits for them, and returns the task with their sessions. */
async function waitFor(count: number, input: object = {}) {
  const agents = []
  for (let made = 0; made < count; made += 1) agents.push(await server.launched())
  const task = await call('wait', input)
  return { task, agents, first: agents[0] ?? (await server.launched()) }
}

describe('a wait', () => {
  test('returns a task immediately; its status describes the running agents, and its result has the reports', async () => {
    const { task, agents, first } = await waitFor(2, { until: 'all' })
    expect(task).toMatchObject({
      resultType: 'task',
      status: 'working',
      pollIntervalMs: taskPollIntervalMs,
      ttlMs: null,
    })
    expect(task.statusMessage?.split('\n')).toEqual(agents.map(({ id }) => `${id} opus 0s`))
    first.session.finish('one is done')
    expect((await get(task.taskId)).status).toBe('working')
    agents[1]?.session.finish('two is done')
    const ended = await get(task.taskId)
    expect(ended).toMatchObject({ resultType: 'complete', status: 'completed' })
    expect(text(ended)).toMatch(/one is done[^]*two is done[^]*no agent is running/)
    const reports = [{ answer: 'one is done' }, { answer: 'two is done' }]
    expect(ended.result).toMatchObject({ structuredContent: { timedOut: false, reports } })
    expect(text(await call('wait'))).toContain('no agent is running')
  })

  test('without a running agent, with news or with the time limit 0 is answered directly', async () => {
    expect(text(await call('wait'))).toContain('no agent is running')
    const { session } = await server.launched()
    const now = call('wait', { timeout_seconds: 0 })
    await host.call('list_agents')
    server.clock.advance(0)
    expect(text(await now)).toContain('timed out')
    session.finish('done')
    const answer = await call('wait')
    expect(answer.resultType).toBe('complete')
    expect(text(answer)).toContain('done')
  })

  test('has no time limit of its own, and keeps the one of the call', async () => {
    const { task } = await waitFor(1)
    server.clock.advance(24 * 3_600_000)
    expect((await get(task.taskId)).status).toBe('working')
    expect(text(await call('wait', { timeout_seconds: 60 }))).toContain(task.taskId)
    server.clock.advance(60_000)
    expect(text(await get(task.taskId))).toContain('timed out, 1 still running')
  })

  test('while its task is open adds its agents to it, and starts no second task', async () => {
    const { task, first } = await waitFor(1, { until: 'all' })
    const other = await server.launched()
    const again = await call('wait', { until: 'all', agent_ids: [other.id] })
    expect(text(again)).toContain(`waiting in the background already, as task ${task.taskId}`)
    first.session.finish('one')
    expect((await get(task.taskId)).status).toBe('working')
    other.session.finish('two')
    expect(text(await get(task.taskId))).toMatch(/one[^]*two/)
  })

  test('a wait for all agents covers agents that are launched later', async () => {
    const { task, first } = await waitFor(1, { until: 'all' })
    const later = await server.launched()
    first.session.finish('one')
    expect((await get(task.taskId)).status).toBe('working')
    later.session.finish('two')
    expect(text(await get(task.taskId))).toMatch(/one[^]*two/)
  })

  test('of a host that does not declare tasks blocks', async () => {
    const other = await server.connect('other', { speaks: '2026', capabilities: {} })
    const [agent] = await other.host.agents('launch_agent', launchArguments)
    const session = server.driver.sessions.at(-1)
    await session?.open()
    const answer = call('wait', { agent_ids: [agent?.id] }, other.host)
    await other.host.call('list_agents')
    session?.finish('done')
    expect(await answer).toMatchObject({ resultType: 'complete' })
    await other.close()
  })
})

test('two hosts that wait for one agent each get its report, once', async () => {
  const other = await server.connect('other', modern)
  const { task, first } = await waitFor(1)
  const theirs = await call('wait', { agent_ids: [first.id] }, other.host)
  expect(theirs.taskId).not.toBe(task.taskId)
  first.session.finish('done')
  for (const [taskId, from] of [
    [theirs.taskId, other.host],
    [task.taskId, host],
  ] as const) {
    const ended = await get(taskId, from)
    expect(text(ended)).toContain('done')
    expect(text(ended)).not.toContain('repeated')
    expect(text(await call('wait', {}, from))).toBe('no agent is running, next: launch_agent')
  }
  await other.close()
})

describe('a result', () => {
  test('is the same when the host asks again, until its ttl', async () => {
    const { task, first } = await waitFor(1)
    first.session.finish('done')
    const ended = await get(task.taskId)
    await call('send_message', { agent_id: first.id, message: 'more' })
    first.session.finish('later')
    const again = await get(task.taskId)
    expect(text(again)).toContain('done')
    expect(text(again)).not.toMatch(/later|repeated/)
    expect(ended.ttlMs).toBe(waitTicketLifetimeMs)
    expect(text(await call('wait'))).toContain('later')
    server.clock.advance(waitTicketLifetimeMs)
    expect((await get(task.taskId)).status).toBe('-32602')
  })

  test('that reached a dying host is marked as repeated for the next connection, and comes once', async () => {
    const { task, first } = await waitFor(1)
    first.session.finish('done')
    expect(text(await get(task.taskId))).not.toContain('repeated')
    await server.close()
    disconnectCaller(server.supervisor, 'me')
    const next = await server.connect('next', modern)
    expect(text(await get(task.taskId, next.host))).toMatch(/repeated: [^]*done/)
    expect(text(await call('wait', {}, next.host))).not.toContain('done')
    await next.close()
  })

  test('goes to the next connection of the project when the host died before it, unmarked', async () => {
    const { task, first } = await waitFor(1)
    await server.close()
    disconnectCaller(server.supervisor, 'me')
    const next = await server.connect('next', modern)
    expect((await get(task.taskId, next.host)).status).toBe('working')
    expect((await call('wait', {}, next.host)).content?.[0]?.text).toContain(task.taskId)
    first.session.finish('done')
    const ended = await get(task.taskId, next.host)
    expect(text(ended)).toContain('done')
    expect(text(ended)).not.toContain('repeated')
    await next.close()
  })

  test('is unknown to a sub-agent and to hosts elsewhere', async () => {
    const { task } = await waitFor(1)
    const inside = await server.connect('inside', { ...modern, depth: 1 })
    expect((await get(task.taskId, inside.host)).status).toBe('-32602')
    expect((await get('nothing')).status).toBe('-32602')
    await inside.close()
  })
})

describe('at the limit of turns that no person typed', () => {
  test('a result waits for the next prompt, and is then complete; a question is still shown', async () => {
    const turns = { counted: 0, expected: 0 }
    const untypedTurns = { limit: 1, count: () => turns.counted, expect: () => (turns.expected += 1) }
    const limited = await server.connect('limited', { ...modern, untypedTurns })
    const launched = async () => {
      const [agent] = await limited.host.agents('launch_agent', launchArguments)
      const session = server.driver.sessions.at(-1)
      await session?.open()
      return { agent, session }
    }
    const [first, second] = [await launched(), await launched()]
    const { taskId } = await call('wait', {}, limited.host)
    first.session?.finish('one is done')
    turns.counted = 1
    const held = await get(taskId, limited.host)
    expect(held.status).toBe('working')
    expect(held.statusMessage).toMatch(/^the result comes with your next prompt \(wake.maxTurns\)\n/)
    second.session?.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
    expect((await get(taskId, limited.host)).status).toBe('input_required')
    second.session?.sink({ type: 'approval-withdrawn', requestId: 'p' })
    expect((await get(taskId, limited.host)).status).toBe('working')
    expect(text(await call('wait', {}, limited.host))).toContain('waiting in the background already')
    expect(turns.expected).toBe(0)
    turns.counted = 0
    expect(text(await get(taskId, limited.host))).toContain('one is done')
    expect(turns.expected).toBe(1)
    turns.counted = 1
    expect(text(await get(taskId, limited.host))).toContain('one is done')
    await limited.close()
  })

  test('no task is started where none may be had', async () => {
    const untypedTurns = { limit: 0, count: () => 0, expect: () => undefined }
    const { host: silent, close } = await server.connect('silent', { ...modern, untypedTurns })
    const { result } = await silent.request('server/discover')
    expect(JSON.stringify(result)).not.toMatch(/modelcontextprotocol.tasks/)
    await silent.agents('launch_agent', launchArguments)
    const session = server.driver.sessions.at(-1)
    await session?.open()
    const answer = call('wait', {}, silent)
    await silent.call('list_agents')
    session?.finish('done')
    expect(await answer).toMatchObject({ resultType: 'complete' })
    await close()
  })
})

describe('hints', () => {
  test('leave out what a task delivers, until the host stops asking for it', async () => {
    const { task, first } = await waitFor(1)
    first.session.finish('done')
    expect(unread()).toEqual([])
    server.clock.advance(59_000)
    expect(unread()).toEqual([])
    server.clock.advance(1_000)
    expect(unread()).toEqual([first.id])
    await get(task.taskId)
    expect(unread()).toEqual([])
  })

  test('leave out a report whose receipt is unsettled, and name it when the host cancels the call or disconnects', async () => {
    const blocking = await server.connect('other', { speaks: '2026', capabilities: {} })
    const [agent] = await blocking.host.agents('launch_agent', launchArguments)
    const session = server.driver.sessions.at(-1)
    await session?.open()
    const unreadOfOther = (): number => unread('other').length
    const answer = blocking.host.call('wait', { agent_ids: [agent?.id] })
    session?.finish('done')
    expect(await answer).toContain('done')
    server.clock.advance(999)
    expect(unreadOfOther()).toBe(0)
    blocking.host.cancel()
    await expect.poll(unreadOfOther).toBe(1)
    expect(await blocking.host.call('wait')).toContain('done')
    expect(unreadOfOther()).toBe(0)
    await blocking.close()
    expect(unreadOfOther()).toBe(1)
  })
})

describe('cancelling', () => {
  test('takes no report, and the agents continue', async () => {
    const { task, first } = await waitFor(1)
    expect((await host.request('tasks/cancel', { taskId: task.taskId })).result).toMatchObject({
      resultType: 'complete',
    })
    expect((await get(task.taskId)).status).toBe('cancelled')
    first.session.finish('done')
    expect(unread()).toEqual([first.id])
    expect(text(await call('wait'))).toContain('done')
  })

  test('after the end of the agent, before the host has asked, takes no report', async () => {
    const { task, first } = await waitFor(1)
    first.session.finish('done')
    await host.request('tasks/cancel', { taskId: task.taskId })
    expect((await get(task.taskId)).status).toBe('cancelled')
    expect(unread()).toEqual([first.id])
    expect(text(await call('wait'))).toContain('done')
  })

  test('while the result is on its way counts it as lost, and later as received', async () => {
    const { task, first } = await waitFor(1)
    first.session.finish('done')
    await get(task.taskId)
    await host.request('tasks/cancel', { taskId: task.taskId })
    expect(unread()).toEqual([first.id])
    const again = await call('wait')
    expect(text(again)).toContain('done')
    expect(text(again)).not.toContain('repeated')
    server.clock.advance(1_000)
    await host.request('tasks/cancel', { taskId: task.taskId })
    expect(unread()).toEqual([])
  })

  test('after the completion changes nothing, and a task that is unknown is acknowledged', async () => {
    const { task, first } = await waitFor(1)
    first.session.finish('done')
    await get(task.taskId)
    await host.request('tasks/cancel', { taskId: task.taskId })
    expect(text(await get(task.taskId))).toContain('done')
    expect((await host.request('tasks/cancel', { taskId: 'nothing' })).error).toBeUndefined()
  })
})

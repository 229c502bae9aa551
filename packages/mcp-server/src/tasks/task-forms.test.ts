import { disconnectCaller } from '@subagent-mcp/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from '../manual-server.test.support.js'
import { callTool, getTask, modern, textOf, type Task } from './play-tasks.test.support.js'

let server: ManualServer
let host: ManualServer['host']

beforeEach(async () => {
  server = await startManualServer({ ...modern, limits: { answerWithin: 300_000 } })
  ;({ host } = server)
})

afterEach(() => server.close())

const call = (name: string, input: object = {}, from = host): Promise<Task> => callTool(from, name, input)
const get = (taskId: string, from = host): Promise<Task> => getTask(from, taskId)
const text = textOf
const update = (taskId: string, inputResponses: object, from = host) =>
  from.request('tasks/update', { taskId, inputResponses })

/** Launches an agent and waits for it in a task. */
async function waitForOne() {
  const first = await server.launched()
  return { first, task: await call('wait') }
}

describe('a permission request', () => {
  const ask = (
    session: { sink: Awaited<ReturnType<ManualServer['launched']>>['session']['sink'] },
    requestId = 'p1',
  ) => {
    session.sink({
      type: 'approval-requested',
      requestId,
      tool: 'Bash',
      input: { command: `rm ${requestId}` },
    })
  }

  test('is a form of the task, and its answer is the word of the user', async () => {
    const { task, first } = await waitForOne()
    ask(first.session)
    const asked = await get(task.taskId)
    expect(asked.status).toBe('input_required')
    const [key = ''] = Object.keys(asked.inputRequests ?? {})
    expect(asked.inputRequests?.[key]).toMatchObject({ method: 'elicitation/create' })
    server.clock.advance(1000)
    await update(task.taskId, { [key]: { action: 'accept' } })
    await host.call('list_agents')
    const agent = server.supervisor.state().agents.get(first.id)
    expect(agent?.answered).toMatchObject([{ decision: 'allow', by: 'elicitation', who: 'the user in test' }])
    expect((await get(task.taskId)).status).toBe('working')
    first.session.finish('done')
    expect(text(await get(task.taskId))).toContain('done')
  })

  test('is not answered under a key that this connection has not shown', async () => {
    const { task, first } = await waitForOne()
    ask(first.session)
    await get(task.taskId)
    server.clock.advance(1000)
    await update(task.taskId, { 'question-1': { action: 'accept' } })
    await host.call('list_agents')
    expect(server.supervisor.state().agents.get(first.id)?.answered).toEqual([])
  })

  test('that the user does not answer ends the task, and the model is asked', async () => {
    const { task, first } = await waitForOne()
    ask(first.session)
    const asked = await get(task.taskId)
    const [key = ''] = Object.keys(asked.inputRequests ?? {})
    server.clock.advance(1000)
    await update(task.taskId, { [key]: { action: 'cancel' } })
    await host.call('list_agents')
    expect(text(await get(task.taskId))).toContain('asks permission p1')
  })

  test('of an agent whose host is gone is shown by the next connection', async () => {
    const { task, first } = await waitForOne()
    await server.close()
    disconnectCaller(server.supervisor, 'me')
    const next = await server.connect('next', modern)
    ask(first.session)
    const asked = await get(task.taskId, next.host)
    expect(asked.status).toBe('input_required')
    const [key = ''] = Object.keys(asked.inputRequests ?? {})
    server.clock.advance(1000)
    await update(task.taskId, { [key]: { action: 'decline' } }, next.host)
    await next.host.call('list_agents')
    expect(server.supervisor.state().agents.get(first.id)?.answered).toMatchObject([{ decision: 'deny' }])
    await next.close()
  })
})

describe('invoke', () => {
  test('returns a task of its own, whose result can be read again', async () => {
    const task = await call('invoke', { agent: 'reviewer', task: 'look' })
    expect(task).toMatchObject({ resultType: 'task', status: 'working' })
    await server.driver.sessions.at(-1)?.open()
    const waited = await call('wait')
    expect(text(waited)).toContain(task.taskId)
    server.driver.sessions.at(-1)?.finish('it is good')
    expect(text(await get(task.taskId))).toContain('it is good')
    await host.call('list_agents')
    expect(text(await get(task.taskId))).toContain('it is good')
    expect(await host.call('wait')).toContain('no agent is running')
  })

  test('that fails has a result with an error', async () => {
    const task = await call('invoke', { agent: 'reviewer', task: 'look' })
    const session = server.driver.sessions.at(-1)
    await session?.open()
    session?.sink({ type: 'session-closed', failure: { reason: 'crashed', message: 'it died' } })
    expect(await get(task.taskId)).toMatchObject({ status: 'completed', result: { isError: true } })
  })
})

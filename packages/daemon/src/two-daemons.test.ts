import { connectDaemon } from '@subagent-mcp/client'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { z } from 'zod'
import { pollUntil, startManualDaemon, type ManualDaemon } from './manual-daemon.test.support.js'
import { connectShim, hello, type ShimHost } from './shim.test.support.js'

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {
    elicitation: { form: {} },
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  },
}

const Answer = z.looseObject({
  result: z
    .looseObject({
      taskId: z.string().optional(),
      status: z.string().optional(),
      inputRequests: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  error: z.looseObject({ code: z.number() }).optional(),
})

/** A host at a daemon, which follows tasks. */
async function hostAt({ socketPath }: ManualDaemon) {
  const shim: ShimHost = await connectShim(socketPath)
  onTestFinished(() => void shim.socket.destroy())
  shim.write(`${JSON.stringify(hello)}\n`)
  let id = 0
  const ask = async (method: string, params: object) => {
    shim.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: (id += 1), method, params: { ...params, _meta: meta } })}\n`,
    )
    return Answer.parse(JSON.parse(await shim.line()))
  }
  return { ask, leave: () => shim.socket.destroy() }
}

/** Two daemons of different versions, and a task of a host that has left the older one. */
async function duringUpdate() {
  const older = await startManualDaemon()
  const newer = await startManualDaemon({ socketPath: join(older.folder, 'run', 'newer.sock') })
  const host = await hostAt(older)
  const launch = { prompt: 'do it', task_category: 'coding', provider: 'claude', model: 'opus' }
  await host.ask('tools/call', { name: 'launch_agent', arguments: launch })
  await pollUntil(() => older.driver.sessions.length === 1)
  const [session] = older.driver.sessions
  await session?.open()
  const { result } = await host.ask('tools/call', { name: 'wait', arguments: {} })
  const taskId = result?.taskId ?? ''
  host.leave()
  await pollUntil(() => older.visits[0]?.left === 1)
  return { older, newer, session, taskId }
}

test('a host of the newer daemon gets the result of a task that the older one owns', async () => {
  const { older, newer, session, taskId } = await duringUpdate()
  const host = await hostAt(newer)
  expect((await host.ask('tasks/get', { taskId })).result).toMatchObject({ status: 'working', taskId })
  session?.finish('done at last')
  const ended = await host.ask('tasks/get', { taskId })
  expect(ended.result).toMatchObject({ status: 'completed' })
  expect(JSON.stringify(ended)).toContain('done at last')
  expect(older.visits).toHaveLength(2)
  host.leave()
  await pollUntil(() => older.visits[1]?.left === 1)
})

test('a question of its agent is answered in the form of the host', async () => {
  const { newer, session, taskId, older } = await duringUpdate()
  const host = await hostAt(newer)
  session?.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: { command: 'make it' } })
  const asked = await host.ask('tasks/get', { taskId })
  expect(asked.result?.status).toBe('input_required')
  const [key = ''] = Object.keys(asked.result?.inputRequests ?? {})
  older.clock.advance(5_000)
  const inputResponses = { [key]: { action: 'accept', content: {} } }
  await host.ask('tasks/update', { taskId, inputResponses })
  expect(session?.sent.at(-1)).toMatchObject({ type: 'answer', decision: 'allow' })
})

test('a task is cancelled at its owner', async () => {
  const { newer, taskId } = await duringUpdate()
  const host = await hostAt(newer)
  await host.ask('tasks/get', { taskId })
  await host.ask('tasks/cancel', { taskId })
  expect((await host.ask('tasks/get', { taskId })).result?.status).toBe('cancelled')
})

test('a task that no daemon knows is unknown, also to daemons that ask each other', async () => {
  const { newer, older } = await duringUpdate()
  const host = await hostAt(newer)
  expect((await host.ask('tasks/get', { taskId: 'nothing' })).error?.code).toBe(-32602)
  expect(newer.visits).toHaveLength(1)
  await older.server.close()
  expect((await host.ask('tasks/get', { taskId: 'nothing' })).error?.code).toBe(-32602)
  expect(await connectDaemon({ socketPath: newer.socketPath }).health()).toBeDefined()
})

import { SubagentError, type LocalMcpClient } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { createClaudeMcpMessages } from './mcp-messages.js'

const client = { cwd: '/work', environment: { HOME: '/home/me' }, pid: 7 }

/** Connects Claude to a server with the name `ours`, which records its clients and messages and answers when the test says so. */
function openServer() {
  const written: unknown[] = []
  const received: object[] = []
  const clients: LocalMcpClient[] = []
  let closed = 0
  const connect = (joined: LocalMcpClient) => {
    clients.push(joined)
    return { send: (message: object) => void received.push(message), close: () => void (closed += 1) }
  }
  const write = (line: string): void => void written.push(JSON.parse(line))
  const messages = createClaudeMcpMessages({ servers: new Map([['ours', { connect }]]), client, write })
  const take = (message: object, server = 'ours', id = 'r1'): boolean =>
    messages.take(controlRequest(id, server, message))
  return { messages, take, written, received, clients, closed: () => closed }
}

function controlRequest(id: string, server: string, message: object): string {
  const request = { subtype: 'mcp_message', server_name: server, message }
  return JSON.stringify({ type: 'control_request', request_id: id, request })
}

const success = (id: string, message: object) => ({
  type: 'control_response',
  response: { subtype: 'success', request_id: id, response: { mcp_response: message } },
})

test('the answer of the server is the answer to the control request, also out of order', () => {
  const { take, written, received, clients } = openServer()
  expect(take({ jsonrpc: '2.0', id: 1, method: 'tools/call' }, 'ours', 'r1')).toBe(true)
  expect(take({ jsonrpc: '2.0', id: 2, method: 'tools/list' }, 'ours', 'r2')).toBe(true)
  expect([clients, received]).toMatchObject([[client], [{ id: 1 }, { id: 2 }]])
  expect(written).toEqual([])
  const answers = [2, 1].map((id) => ({ jsonrpc: '2.0', id, result: {} }))
  for (const answer of answers) clients[0]?.onMessage(answer)
  expect(written).toEqual([success('r2', { ...answers[0] }), success('r1', { ...answers[1] })])
})

test('a notification of Claude is acknowledged, and one of the server is a control request', () => {
  const { take, written, received, clients } = openServer()
  expect(take({ jsonrpc: '2.0', method: 'notifications/initialized' })).toBe(true)
  expect([received.length, written.length]).toEqual([1, 1])
  expect(written).toMatchObject([{ response: { subtype: 'success', request_id: 'r1' } }])
  const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' }
  clients[0]?.onMessage(changed)
  const request = { subtype: 'mcp_message', server_name: 'ours', message: changed }
  expect(written.at(-1)).toEqual({ type: 'control_request', request_id: 'mcp-1', request })
})

test('a request of the server with the id of an open request of Claude is no answer to it', () => {
  const { take, written, clients } = openServer()
  take({ jsonrpc: '2.0', id: 1, method: 'tools/call' })
  clients[0]?.onMessage({ jsonrpc: '2.0', id: 1, method: 'ping' })
  expect(written).toMatchObject([{ type: 'control_request', request: { message: { method: 'ping' } } }])
})

test('other lines are not taken: those of other servers, and texts of a model about MCP messages', () => {
  const { messages, take, received } = openServer()
  expect(take({ id: 1, method: 'tools/list' }, 'another')).toBe(false)
  const text = controlRequest('r1', 'ours', { id: 1, method: 'tools/list' })
  const said = { type: 'assistant', message: { content: [{ type: 'text', text }] } }
  expect(messages.take(JSON.stringify(said))).toBe(false)
  expect(messages.take('{"type":"user","subtype":"mcp_message"}')).toBe(false)
  expect(messages.take('no JSON with "mcp_message"')).toBe(false)
  expect(received).toEqual([])
})

test('a refused connection is an error for Claude, and the next message connects again', () => {
  const written: unknown[] = []
  let tries = 0
  const connect = () => {
    tries += 1
    if (tries === 1) throw new SubagentError('cwd-missing', 'the folder is gone')
    return { send: () => undefined, close: () => undefined }
  }
  const write = (line: string): void => void written.push(JSON.parse(line))
  const messages = createClaudeMcpMessages({ servers: new Map([['ours', { connect }]]), client, write })
  const line = controlRequest('r1', 'ours', { id: 1, method: 'initialize' })
  expect([messages.take(line), messages.take(line)]).toEqual([true, true])
  const refusal = { subtype: 'error', request_id: 'r1', error: 'the folder is gone' }
  expect(written).toEqual([{ type: 'control_response', response: refusal }])
})

test('Claude is disconnected with its process, also if it has sent no message', () => {
  const silent = openServer()
  silent.messages.close()
  const { take, messages, closed } = openServer()
  take({ id: 1, method: 'initialize' })
  messages.close()
  expect([silent.closed(), closed()]).toEqual([0, 1])
})

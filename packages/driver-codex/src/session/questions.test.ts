import { describe, expect, test } from 'vitest'
import { startConversation } from './talk.test.support.js'

const prompt = { type: 'prompt', turnId: 't1', text: 'go' } as const
const permissions = { network: { enabled: true }, fileSystem: null }

const decision = { allow: { decision: 'accept' }, deny: { decision: 'decline' } }

const questions = [
  {
    method: 'item/commandExecution/requestApproval',
    params: { itemId: 'i', command: 'rm x', cwd: '/', reason: 'why not' },
    request: { tool: 'exec_command', input: { command: 'rm x', cwd: '/', reason: 'why not' } },
    results: decision,
  },
  {
    method: 'item/commandExecution/requestApproval',
    params: { itemId: 'i', kind: 'command', command: 'curl x', networkApprovalContext: { host: 'x' } },
    request: { tool: 'exec_command', input: { command: 'curl x', network: { host: 'x' } } },
    results: decision,
  },
  {
    method: 'item/commandExecution/requestApproval',
    params: { itemId: 'i', kind: 'writeStdin', command: 'y' },
    request: { tool: 'writeStdin', input: { command: 'y' } },
    results: decision,
  },
  {
    method: 'item/fileChange/requestApproval',
    params: { itemId: 'i', reason: null, grantRoot: null },
    request: { tool: 'apply_patch', input: { changes: [{ path: '/x', diff: '+' }] } },
    results: decision,
  },
  {
    method: 'item/permissions/requestApproval',
    params: { itemId: 'i', reason: 'npm', permissions },
    request: { tool: 'request_permissions', input: { reason: 'npm', permissions } },
    results: {
      allow: { permissions: { network: { enabled: true } }, scope: 'turn' },
      deny: { permissions: {}, scope: 'turn' },
    },
  },
]

describe('a question', () => {
  test.each(questions)('$method', ({ method, params, request, results }) => {
    for (const decision of ['allow', 'deny'] as const) {
      const { send, notify, asked, events, replies } = startConversation()
      send(prompt)
      notify('item/started', { item: { type: 'fileChange', id: 'i', changes: [{ path: '/x', diff: '+' }] } })
      asked(method, params)
      expect(events.at(-1)).toEqual({ type: 'approval-requested', requestId: '7', ...request })
      send({ type: 'answer', requestId: '7', decision })
      send({ type: 'answer', requestId: '7', decision })
      expect(replies).toEqual([{ requestId: '7', result: results[decision] }])
    }
  })

  test.each([
    [
      'mcpServer/elicitation/request',
      { serverName: 's', message: 'your name?', _meta: null },
      { action: 'decline' },
    ],
    ['item/tool/requestUserInput', { questions: [] }, { answers: {} }],
  ])('that no yes answers is declined at once: %s', (method, params, result) => {
    const { send, asked, events, replies } = startConversation()
    send(prompt)
    expect(asked(method, params)).toBe(true)
    expect([events, replies]).toMatchObject([[], [{ result }]])
  })

  test('is declined when there is no turn', () => {
    const { asked, events, replies } = startConversation()
    asked('item/commandExecution/requestApproval', { itemId: 'i', command: 'rm x' })
    expect([events, replies]).toEqual([[], [{ requestId: '7', result: { decision: 'decline' } }]])
  })

  test('that we do not know is not ours to answer', () => {
    expect(startConversation().asked('item/tool/call', { tool: 'x' })).toBe(false)
  })

  test('that is denied with a reason tells the model so', () => {
    const { send, notify, asked, calls } = startConversation()
    send(prompt)
    notify('turn/started', { turn: { id: 'c1' } })
    asked('item/commandExecution/requestApproval', { itemId: 'i', command: 'rm x' })
    send({ type: 'answer', requestId: '7', decision: 'deny', reason: 'not on a Friday' })
    expect(calls.at(-1)).toMatchObject({
      method: 'turn/steer',
      params: { input: [{ text: 'exec_command was not allowed: not on a Friday' }] },
    })
  })

  test('is taken back by the server', () => {
    const { send, notify, asked, events } = startConversation()
    send(prompt)
    asked('item/commandExecution/requestApproval', { itemId: 'i', command: 'rm x' })
    notify('serverRequest/resolved', { requestId: 7 })
    expect(events.at(-1)).toEqual({ type: 'approval-withdrawn', requestId: '7' })
  })
})

import { expect, test } from 'vitest'
import { createHostInfo, readCodexTurn } from './host-info.js'

const request = { jsonrpc: '2.0', id: 1 } as const
const info = { name: 'claude-code', version: '1' }

test("the host's name is that of initialize, also after other messages", () => {
  const client = createHostInfo()
  client.onMessage({ ...request, method: 'tools/list' })
  expect(client.name()).toBeUndefined()
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: info } })
  client.onMessage({ ...request, result: { clientInfo: { name: 'other' } } })
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: { name: 'other' } } })
  expect(client.name()).toBe('claude-code')
})

test("the host's name is that of a 2026 request", () => {
  const client = createHostInfo()
  const _meta = { 'io.modelcontextprotocol/clientInfo': info }
  client.onMessage({ ...request, method: 'tools/call', params: { name: 'wait', _meta } })
  expect(client.name()).toBe('claude-code')
})

test('an invalid name of a host is ignored', () => {
  const client = createHostInfo()
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: { name: 7 } } })
  expect(client.name()).toBeUndefined()
})

test.each([
  [{ elicitation: {} }, true],
  [{ elicitation: { form: {} } }, true],
  [{ elicitation: { form: {}, url: {} } }, true],
  [{ elicitation: { url: {} } }, false],
  [{ roots: {} }, false],
  [{ elicitation: 7 }, false],
])('a host that declares %o shows forms: %s', (capabilities, expected) => {
  const client = createHostInfo()
  client.onMessage({ ...request, method: 'initialize', params: { clientInfo: info, capabilities } })
  expect(client.takesForms()).toBe(expected)
})

const threadId = '01a2074e-9645-7330-aecc-d07a996e83cc'
const codexTurn = { turn_id: 't1', turn_trigger: 'user', thread_source: 'user', model: 'gpt' }

test.each([
  ['a typed turn', { threadId, turn: codexTurn }, { thread: threadId, id: 't1', isTyped: true }],
  [
    'a turn that a queued message began',
    { threadId, turn: { ...codexTurn, turn_trigger: 'queue' } },
    { thread: threadId, id: 't1', isTyped: false },
  ],
  ['codex exec', { threadId, turn: { ...codexTurn, turn_trigger: 'exec' } }, undefined],
  ["a sub-agent of Codex's own", { threadId, turn: { ...codexTurn, thread_source: 'subagent' } }, undefined],
  ['a thread that would be an option', { threadId: '--help', turn: codexTurn }, undefined],
  ['another host', {}, undefined],
])(
  'the turn of a tool call: %s',
  (_, { threadId: thread, turn }: { threadId?: string; turn?: object }, expected) => {
    expect(readCodexTurn({ progressToken: 1, threadId: thread, 'x-codex-turn-metadata': turn })).toEqual(
      expected,
    )
  },
)

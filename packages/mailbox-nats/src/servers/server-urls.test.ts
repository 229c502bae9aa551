import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { createMailStreamNames } from '../jetstream/stream-names.js'
import { parseServerUrls } from './server-urls.js'

test.each([
  ['nats://host', { hosts: ['host:4222'], tls: false, signIn: undefined, shown: 'nats://host:4222' }],
  [
    'nats://a:1, nats://b:2',
    { hosts: ['a:1', 'b:2'], tls: false, signIn: undefined, shown: 'nats://a:1,nats://b:2' },
  ],
  [
    'tls://me:p%40ss@a:1',
    { hosts: ['a:1'], tls: true, signIn: { user: 'me', pass: 'p@ss' }, shown: 'tls://a:1' },
  ],
  [
    'nats://s3cret@[::1]:1',
    { hosts: ['[::1]:1'], tls: false, signIn: { token: 's3cret' }, shown: 'nats://[::1]:1' },
  ],
])('reads %s', (url, servers) => {
  expect(parseServerUrls(url)).toEqual(servers)
})

test.each(['', 'host:4222', 'https://me:s3cret@host', 'nats://me:s3cret@', 'nats://s3cret@host:not-a-port'])(
  'refuses %j without quoting it',
  (url) => {
    const refusal = thrownBy(() => parseServerUrls(url))
    expect(refusal.code).toBe('config-invalid')
    expect(JSON.stringify([refusal.message, refusal.hint])).not.toContain('s3cret')
    expect(refusal.cause).toBeUndefined()
  },
)

test('a namespace is one word', () => {
  expect(createMailStreamNames('subagent-mcp')).toEqual({
    prefix: 'subagent-mcp',
    archive: 'SUBAGENT_MCP_ARCHIVE',
    work: 'SUBAGENT_MCP_WORK',
    queues: 'SUBAGENT_MCP_QUEUES',
    records: 'SUBAGENT_MCP_RECORDS',
    bucket: 'SUBAGENT_MCP_PRESENCE',
  })
  expect(thrownBy(() => createMailStreamNames('a.b')).code).toBe('config-invalid')
})

function thrownBy(act: () => unknown): SubagentError {
  try {
    act()
  } catch (cause) {
    if (cause instanceof SubagentError) return cause
  }
  throw new Error('it was accepted')
}

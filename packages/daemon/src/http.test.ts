import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { postRequest, sendRequest, type TestRequest } from './ask.test.support.js'
import { launchBody, startManualDaemon, hasSecret, pollUntil } from './manual-daemon.test.support.js'
import { maxBodyBytes } from './server/http/read-json-body.js'

describe('a malformed request', () => {
  const rows: [what: string, ask: Partial<TestRequest>, status: number, says: string][] = [
    ['an unknown path', { path: '/v2/agents' }, 404, 'there is no /v2/agents'],
    ['an empty id', { path: '/v1/agents/' }, 404, 'there is no'],
    ['percent signs that stand for nothing', { path: '/v1/agents/%E0%A4%A' }, 404, 'there is no'],
    ['another method', { method: 'PUT', path: '/v1/agents' }, 405, 'use GET, POST, HEAD'],
    [
      'an unknown key in the query',
      { path: '/v1/agents?projct=/p' },
      400,
      'the query has no parameter projct',
    ],
    ['a number that is none', { path: '/v1/events?after=x' }, 400, 'after: '],
    [
      'an unknown key in the body',
      postRequest('/v1/agents', { ...launchBody, promt: 'x' }),
      400,
      'the body has no parameter promt',
    ],
    [
      'an unknown key where nothing is taken',
      postRequest('/v1/agents/a1/interrupt', { now: 1 }),
      400,
      'takes nothing',
    ],
    ['a value of another type', postRequest('/v1/waits', { agentIds: [] }), 400, 'agentIds: '],
    [
      'a body that is no JSON',
      { ...postRequest('/v1/agents', {}), body: '{"environment": sk-do-not-tell' },
      400,
      'no JSON',
    ],
    ['an unknown agent', { method: 'DELETE', path: '/v1/agents/nobody' }, 404, "no agent 'nobody'"],
    [
      'an environment with a number',
      postRequest('/v1/agents', { ...launchBody, environment: { K: 1 } }),
      400,
      'environment.K',
    ],
  ]
  test.each(rows)('%s', async (_, ask, status, says) => {
    const daemon = await startManualDaemon()
    const answer = await sendRequest(daemon, ask)
    expect(answer.status).toBe(status)
    expect(z.strictObject({ error: ErrorOf }).parse(JSON.parse(answer.text))).toBeTruthy()
    expect(answer.text).toContain(says)
    expect(hasSecret(answer.text)).toBe(false)
    expect(daemon.supervisor.state().agents.size).toBe(0)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', undefined])(
    'a body with a content type that web pages can send is refused: %s',
    async (type) => {
      const daemon = await startManualDaemon()
      const headers = type === undefined ? {} : { 'content-type': type }
      const answer = await sendRequest(daemon, { ...postRequest('/v1/agents', launchBody), headers })
      expect(answer.status).toBe(415)
      expect(daemon.supervisor.state().agents.size).toBe(0)
    },
  )

  test('a body that is too large is refused, and the daemon continues', async () => {
    const daemon = await startManualDaemon()
    const answer = await sendRequest(daemon, {
      ...postRequest('/v1/agents', {}),
      body: ' '.repeat(maxBodyBytes + 1),
    })
    expect(answer.status).toBe(413)
    expect(await daemon.client.health()).toMatchObject({ agents: { total: 0 } })
  })

  test('a body that breaks off gets no answer and is not logged', async () => {
    const daemon = await startManualDaemon()
    const sent = request({
      socketPath: daemon.socketPath,
      method: 'POST',
      path: '/v1/agents',
      headers: { 'content-type': 'application/json', 'content-length': 100 },
    })
    sent.on('error', () => undefined)
    sent.write('{"prompt"')
    await pollUntil(() => daemon.server.connections() === 1)
    sent.destroy()
    await pollUntil(() => daemon.server.connections() === 0)
    expect(daemon.logged).toEqual([])
  })
})

test('HEAD is a GET without a body, and opens no stream', async () => {
  const daemon = await startManualDaemon()
  for (const path of ['/v1/health', '/v1/events', '/v1/metrics']) {
    const { status, text } = await sendRequest(daemon, { method: 'HEAD', path })
    expect([status, text]).toEqual([200, ''])
  }
  expect((await sendRequest(daemon, { method: 'HEAD', path: '/v1/prune' })).status).toBe(405)
})

test('metrics have the format of Prometheus', async () => {
  const daemon = await startManualDaemon()
  const { session } = await daemon.launched()
  await daemon.client.launch(launchBody)
  session.finish()
  const { text, headers } = await sendRequest(daemon, { path: '/v1/metrics' })
  expect(headers['content-type']).toContain('text/plain; version=0.0.4')
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[a-z_-]+"\})? -?[\d.e+]+)$/)
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'subagent_mcp_agents{status="finished"} 1',
      'subagent_mcp_agents{status="processing"} 1',
      'subagent_mcp_turns_running{provider="claude"} 1',
      'subagent_mcp_provider_processes 2',
      'subagent_mcp_queue_length 0',
      'subagent_mcp_launches_total 2',
      'subagent_mcp_facts_total{type="session-opened"} 1',
      'subagent_mcp_connections 0',
      'subagent_mcp_journal_size_bytes 42',
      'process_start_time_seconds 1000',
    ]),
  )
})

const ErrorOf = z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() })

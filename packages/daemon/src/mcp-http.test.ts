import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { sendRequest, type TestRequest } from './ask.test.support.js'
import { pollUntil, startManualDaemon, type ManualDaemon } from './manual-daemon.test.support.js'

const path = '/mcp?cwd=/p'
const accept = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

test('a session before 2026 is one caller of the runtime, and ends with DELETE', async () => {
  const daemon = await startManualDaemon()
  const headers = await openSession(daemon)
  const listed = await post(daemon, { method: 'tools/list', headers })
  expect(listed.text).toContain('launch_agent')
  expect(daemon.visits).toMatchObject([{ guest: { cwd: '/p', environment: { PATH: '/bin' }, host: 'test' } }])
  expect(await daemon.client.health()).toMatchObject({ hosts: 1 })
  expect((await sendRequest(daemon, { method: 'DELETE', path, headers })).status).toBe(200)
  await pollUntil(() => daemon.visits[0]?.left === 1)
  expect((await post(daemon, { method: 'tools/list', headers })).status).toBe(404)
  expect(await daemon.client.health()).toMatchObject({ hosts: 0 })
})

test('requests of the 2026 protocol with the same folder and client name are one caller', async () => {
  const daemon = await startManualDaemon()
  for (const name of ['one', 'one', 'two']) {
    const listed = await sendRequest(daemon, modernOf({ name, method: 'tools/list' }))
    expect([listed.status, listed.text.includes('launch_agent')]).toEqual([200, true])
  }
  expect(daemon.visits.map(({ guest }) => guest.host)).toEqual(['one', 'two'])
})

test('a host may name its folder and its variables in headers', async () => {
  const daemon = await startManualDaemon()
  const answer = await sendRequest(daemon, {
    ...{ method: 'POST', path: '/mcp', body: JSON.stringify(initialize) },
    headers: {
      ...accept,
      'subagent-mcp-cwd': encodeURIComponent('/p ä'),
      'subagent-mcp-environment': encodeURIComponent('{"KEY":"1"}'),
    },
  })
  expect(answer.status).toBe(200)
  expect(daemon.visits).toMatchObject([{ guest: { cwd: '/p ä', environment: { PATH: '/bin', KEY: '1' } } }])
})

test('a caller without an open request or stream ends after 30 minutes', async () => {
  const daemon = await startManualDaemon()
  const headers = await openSession(daemon)
  const stream = await open(daemon, {
    method: 'GET',
    path,
    headers: { ...headers, accept: 'text/event-stream' },
  })
  daemon.clock.advance(31 * 60_000)
  expect((await post(daemon, { method: 'ping', headers })).status).toBe(200)
  stream.destroy()
  await pollUntil(async () => (await daemon.client.health()).connections === 1)
  daemon.clock.advance(29 * 60_000)
  expect((await post(daemon, { method: 'ping', headers })).status).toBe(200)
  daemon.clock.advance(31 * 60_000)
  await pollUntil(() => daemon.visits[0]?.left === 1)
  expect((await post(daemon, { method: 'ping', headers })).status).toBe(404)
})

test('a report is received when its response was sent and the connection is open a second later', async () => {
  const { daemon, wait, delivered } = await withFinishedAgent()
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => {
    agent.destroy()
  })
  expect(await wait(agent)).toContain('done it')
  daemon.clock.advance(999)
  expect(delivered()).toBeUndefined()
  daemon.clock.advance(1)
  expect(delivered()).toBe(1)
})

test('a report over the 2026 protocol is received when the client sends another request', async () => {
  const { daemon, id } = await withFinishedAgent()
  const call = { name: 'one', method: 'tools/call', params: { name: 'wait', arguments: { agent_ids: [id] } } }
  const texts: string[] = []
  for (const _ of [1, 2]) texts.push((await sendRequest(daemon, modernOf(call))).text)
  expect(texts.map((text) => text.includes('done it'))).toEqual([true, false])
})

test('a report whose connection ended after it is received by the next message, and lost with its caller', async () => {
  for (const speaks of [true, false]) {
    const { daemon, headers, wait, delivered } = await withFinishedAgent()
    expect(await wait(false)).toContain('done it')
    daemon.clock.advance(2_000)
    expect(delivered()).toBeUndefined()
    if (speaks) await post(daemon, { method: 'ping', headers })
    else daemon.clock.advance(31 * 60_000)
    expect([speaks, delivered()]).toEqual([speaks, speaks ? 1 : undefined])
    await pollUntil(() => daemon.supervisor.state().waits.size === 0)
  }
})

test('a form for the user comes on the response to the call that waits, and its answer reaches the agent', async () => {
  const daemon = await startManualDaemon()
  const headers = await openSession(daemon, { elicitation: {} })
  const launch = { prompt: 'do it', task_category: 'coding', provider: 'claude', model: 'opus' }
  await post(daemon, { headers, method: 'tools/call', params: { name: 'launch_agent', arguments: launch } })
  const [session] = daemon.driver.sessions
  if (!session) throw new Error('no session was opened')
  await session.open()
  const call = { method: 'tools/call', params: { name: 'wait', arguments: {} } }
  const { body, ...options } = postOf({ headers, ...call })
  const response = await open(daemon, { ...options, agent: false }, body)
  const sent = textOf(response)
  await pollUntil(() => daemon.supervisor.state().waits.size === 1)
  session.sink({ type: 'approval-requested', requestId: 'q', tool: 'bash', input: {} })
  await pollUntil(() => sent().includes('elicitation/create'))
  // A person takes longer than a second.
  daemon.clock.advance(1_000)
  const [, id] = /"method":"elicitation\/create".*"id":(\d+)/.exec(sent()) ?? []
  const answer = { jsonrpc: '2.0', id: Number(id), result: { action: 'decline' } }
  const posted = await sendRequest(daemon, { method: 'POST', path, headers, body: JSON.stringify(answer) })
  expect(posted.status).toBe(202)
  await pollUntil(() => session.sent.some(({ type }) => type === 'answer'))
  response.destroy()
})

test('a call whose connection ends before its answer is cancelled, over both protocols', async () => {
  const daemon = await startManualDaemon()
  const headers = await openSession(daemon)
  const call = { method: 'tools/call', params: { name: 'wait', arguments: {} } }
  const { session } = await daemon.launched()
  for (const asked of [postOf({ ...call, headers }), modernOf({ ...call, name: 'one' })]) {
    const waiting = request({ ...asked, socketPath: daemon.socketPath, agent: false })
    waiting.on('error', () => undefined).end(asked.body)
    await pollUntil(() => daemon.supervisor.state().waits.size === 1)
    waiting.destroy()
    await pollUntil(() => daemon.supervisor.state().waits.size === 0)
  }
  session.finish()
  expect(daemon.logged).toEqual([])
})

test('requests without a folder, a session or a JSON body get an error that says what to do', async () => {
  const daemon = await startManualDaemon()
  const body = JSON.stringify(initialize)
  const rows: [asked: Partial<TestRequest>, status: number, says: string][] = [
    [{ method: 'POST', path: '/mcp', body }, 400, '?cwd=/path/to/project'],
    [{ method: 'POST', path: '/mcp?cwd=p', body }, 400, 'absolute path'],
    [{ method: 'POST', path: '/mcp?cwd=/missing', body }, 500, 'the daemon failed'],
    [{ method: 'POST', path, body: '{' }, 400, 'no JSON'],
    [
      { method: 'POST', path, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) },
      400,
      'initialize',
    ],
    [
      { method: 'POST', path, body, headers: { ...accept, 'content-type': 'text/plain' } },
      415,
      'application/json',
    ],
    [{ method: 'POST', path, body, headers: { ...accept, 'mcp-session-id': 'x' } }, 404, 'session has ended'],
    [{ method: 'POST', path, body, headers: { ...accept, 'subagent-mcp-environment': '[]' } }, 400, 'JSON'],
    [{ method: 'GET', path }, 405, 'POST'],
  ]
  for (const [asked, status, says] of rows) {
    const answer = await sendRequest(daemon, { headers: accept, ...asked })
    expect([asked, answer.status]).toEqual([asked, status])
    expect(JSON.parse(answer.text)).toMatchObject({
      jsonrpc: '2.0',
      id: null,
    })
    expect(answer.text).toContain(says)
  }
  expect(daemon.visits.filter(({ left }) => left === 0)).toEqual([])
})

test('an `initialize` with missing or wrong parameters is refused with its id, and leaves no session', async () => {
  const daemon = await startManualDaemon()
  for (const params of [undefined, {}, { ...initialize.params, clientInfo: { name: 7, version: '1' } }]) {
    const body = JSON.stringify({ ...initialize, params })
    const answer = await sendRequest(daemon, { method: 'POST', path, headers: accept, body })
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text)).toMatchObject({ id: 1, error: { code: -32_602 } })
  }
  await pollUntil(() => daemon.visits.every(({ left }) => left === 1))
  expect((await openSession(daemon))['mcp-session-id']).toMatch(/^\w/)
})

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}

type Headers = Record<string, string>
type Call = { method: string; params?: object }

/** Opens a session and returns the headers of its requests. */
async function openSession(daemon: ManualDaemon, capabilities: object = {}): Promise<Headers> {
  const answer = await sendRequest(daemon, {
    ...{ method: 'POST', path, headers: accept },
    body: JSON.stringify({ ...initialize, params: { ...initialize.params, capabilities } }),
  })
  return { ...accept, 'mcp-session-id': String(answer.headers['mcp-session-id']) }
}

let lastId = 1

type Post = Pick<TestRequest, 'method' | 'path' | 'headers' | 'body'>

function postOf({ headers, ...call }: Call & { headers: Headers }): Post {
  lastId += 1
  return { method: 'POST', path, headers, body: JSON.stringify({ jsonrpc: '2.0', id: lastId, ...call }) }
}

function post(daemon: ManualDaemon, call: Call & { headers: Headers }): ReturnType<typeof sendRequest> {
  return sendRequest(daemon, postOf(call))
}

/** A request of the 2026 protocol, which carries what a client says of itself. */
function modernOf({ name, method, params }: Call & { name: string }): Post {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name, version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const headers = {
    ...accept,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(method === 'tools/call' && { 'mcp-name': 'wait' }),
  }
  return postOf({ headers, method, params: { ...params, _meta } })
}

type Finished = {
  daemon: ManualDaemon
  /** The id of the agent. */
  id: string
  headers: Headers
  /** Waits for the agent over a connection of this HTTP agent. Returns the text of the response. */
  wait(agent: Agent | false): Promise<string>
  /** The number of the newest report that the session has received. */
  delivered(): number | undefined
}

/** A session whose agent has finished. */
async function withFinishedAgent(): Promise<Finished> {
  const daemon = await startManualDaemon()
  const headers = await openSession(daemon)
  const { id, session } = await daemon.launched()
  session.finish('done it')
  const call = { method: 'tools/call', params: { name: 'wait', arguments: { agent_ids: [id] } } }
  return {
    ...{ daemon, headers, id },
    wait: async (agent) => {
      const { body, ...options } = postOf({ headers, ...call })
      const response = await open(daemon, { ...options, agent }, body)
      let text = ''
      for await (const piece of response) text += String(piece)
      // The daemon sees that the connection has ended.
      if (agent === false) await pollUntil(async () => (await daemon.client.health()).connections === 1)
      return text
    },
    delivered: () => daemon.supervisor.state().agents.get(id)?.delivered['caller-1'],
  }
}

/** Sends a request and returns its response, when it has begun. */
function open(
  { socketPath }: ManualDaemon,
  options: Omit<RequestOptions, 'socketPath'>,
  body?: string,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ ...options, socketPath }, resolve)
      .on('error', reject)
      .end(body)
  })
}

/** The text of a response so far. */
function textOf(response: IncomingMessage): () => string {
  let text = ''
  // A test may end the connection.
  response.on('data', (piece) => (text += String(piece))).on('error', () => undefined)
  return () => text
}

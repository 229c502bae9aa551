import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allObjectsIn } from './api-client.js'
import { startModelServer, type ModelServer } from './start-model-server.js'

let server: ModelServer
beforeEach(async () => {
  server = await startModelServer()
})
afterEach(() => server.close())

const post = (path: string, body: object | string) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

describe('a question that wants JSON gets it, whatever the prompt in it says', () => {
  const title = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] }
  const score = {
    type: 'OBJECT',
    properties: { complexity_reasoning: { type: 'STRING' }, complexity_score: { type: 'INTEGER' } },
  }

  test.each([
    [
      '/v1/messages',
      {
        model: 'm',
        messages: [{ role: 'user', content: 'name this: [[hang]]' }],
        output_config: { format: { type: 'json_schema', schema: title } },
      },
      { title: 'plain answer' },
    ],
    [
      '/v1/responses',
      { model: 'm', input: 'name this: [[hang]]', text: { format: { type: 'json_schema', schema: title } } },
      { title: 'plain answer' },
    ],
    [
      '/v1beta/models/flash-lite:generateContent',
      {
        contents: [{ role: 'user', parts: [{ text: '[[status: 500]]' }] }],
        generationConfig: { responseMimeType: 'application/json', responseJsonSchema: score },
      },
      { complexity_reasoning: 'plain answer', complexity_score: 1 },
    ],
  ])('%s', async (path, body, answer) => {
    const said = allObjectsIn(await (await post(path, body)).json()).flatMap(({ text }) =>
      typeof text === 'string' ? [text] : [],
    )
    expect(JSON.parse(said[0] ?? '')).toEqual(answer)
    expect(server.requests).toMatchObject([{ kind: 'structured' }])
  })
})

test.each([
  [
    '/v1/messages/count_tokens',
    { model: 'm', messages: [{ role: 'user', content: 'x'.repeat(400) }] },
    'input_tokens',
  ],
  ['/v1beta/models/m:countTokens', { contents: [{ parts: [{ text: 'x'.repeat(400) }] }] }, 'totalTokens'],
])('%s counts', async (path, body, name) => {
  const answer = allObjectsIn(await (await post(path, body)).json())[0]
  expect(answer?.[name]).toBeGreaterThan(100)
  expect(answer?.[name]).toBeLessThan(150)
  expect(server.requests).toMatchObject([{ kind: 'count-tokens' }])
})

test.each(['/', '/api/hello'])('HEAD %s is greeted', async (path) => {
  expect((await fetch(`${server.url}${path}`, { method: 'HEAD' })).status).toBe(200)
  expect(server.requests).toMatchObject([{ kind: 'other', dialect: undefined, path }])
})

test('a path that no API has is a 404, and in the log', async () => {
  expect((await post('/v1/nothing', {})).status).toBe(404)
  expect(server.requests).toMatchObject([{ kind: 'other', method: 'POST', path: '/v1/nothing' }])
})

test.each([
  ['/v1/messages', '{"model":'],
  ['/v1/messages', { model: 'm', messages: 'none' }],
  ['/v1/responses', {}],
  ['/v1beta/models/m:generateContent', []],
])('%s with a body that does not fit is a 400 that says why', async (path, body) => {
  const response = await post(path, body)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('Invalid input')
  expect(server.requests).toMatchObject([{ kind: 'unreadable' }])
})

test('waiting for a request resolves for one that came, and for one that comes', async () => {
  const coming = server.waitForRequest(({ path }) => path === '/later')
  await post('/now', {})
  expect(await server.waitForRequest(({ path }) => path === '/now')).toBe(server.requests[0])
  await post('/later', {})
  expect(await coming).toBe(server.requests[1])
})

test('closing rejects who waits, ends what is open, and can be done twice', async () => {
  const waiting = expect(server.waitForRequest(() => false)).rejects.toThrow('closed before such a request')
  await server.close()
  await waiting
  await server.close()
  await expect(fetch(server.url)).rejects.toThrow('fetch failed')
})

test('a conversation with a result too many is refused, as the API does', async () => {
  const result = { functionResponse: { id: '1', name: 'ls', response: { output: 'empty' } } }
  const contents = [
    { role: 'user', parts: [{ text: 'look' }] },
    { role: 'model', parts: [{ functionCall: { id: '1', name: 'ls', args: {} } }] },
    { role: 'user', parts: [result, result] },
  ]
  const answer = await post('/v1beta/models/gemini-2.5-pro:streamGenerateContent', { contents })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('1 tool calls and 2 results')
  expect(server.requests.map(({ kind }) => kind)).toEqual(['unreadable'])
})

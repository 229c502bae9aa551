import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, type TestLine } from './api-client.js'
import { apiClients } from './api-clients.js'
import { startModelServer, type ModelServer } from './start-model-server.js'

let server: ModelServer
beforeEach(async () => {
  server = await startModelServer()
})
afterEach(() => server.close())

const ways = apiClients.flatMap((client) => [
  { client, stream: true, way: `${client.name}, streamed` },
  { client, stream: false, way: `${client.name}, whole` },
])

describe.each(ways)('$way', ({ client, stream }) => {
  const say = (prompt: string, ...before: TestLine[]) =>
    ask(server.url, client, { lines: [...before, { user: prompt }], stream })
  const hear = async (prompt: string, ...before: TestLine[]) => (await say(prompt, ...before)).texts.join('')

  test.each([
    ['hello', 'You said: hello'],
    ['Do it. [[say: one]] and [[say: two]]', 'onetwo'],
    ['[[say: use [[recall]] now]]', 'use [[recall]] now'],
    ['[[say:]]', ''],
    ['[[delay: 5ms]] [[say: late]]', 'late'],
    ['[[chunks: 3 x 1ms]]', 'chunk 1 of 3\nchunk 2 of 3\nchunk 3 of 3\n'],
    ['[[chunks: 4 x 0 smörgås 🎉🎉]]', 'smörgås 🎉🎉'],
    ['[[staus: 429]]', 'You said: [[staus: 429]]'],
  ])('%s', async (prompt, text) => {
    expect(await hear(prompt)).toBe(text)
  })

  test('a thought, then a text', async () => {
    expect(await say('[[think: hm]] [[say: yes]]')).toMatchObject({ thoughts: ['hm'], texts: ['yes'] })
  })

  test('a tool call ends the reply, and its result brings the next part', async () => {
    const prompt = '[[say: look]] [[tool: Read {"at":[["a"]]}]] [[say: so]] [[tool: Stop]]'
    const first = await say(prompt)
    expect(first).toMatchObject({ texts: ['look'], tools: [{ name: 'Read', input: { at: [['a']] } }] })
    const read: TestLine[] = [{ user: prompt }, { model: 'look' }, { tool: 'Read', result: 'found it' }]
    const second = await ask(server.url, client, { lines: read, stream })
    expect(second).toMatchObject({ texts: ['so'], tools: [{ name: 'Stop', input: {} }] })
    const third = await ask(server.url, client, { lines: [...read, { tool: 'Stop', result: 'ok' }], stream })
    expect(third.texts).toEqual(['The tool said: ok'])
  })

  test('[[recall]] says what the user wrote before', async () => {
    expect(await hear('[[recall]]')).toBe('You said nothing before.')
    const before: TestLine[] = [{ user: 'first' }, { model: 'yes' }, { user: 'second' }, { model: 'yes' }]
    expect(await hear('[[recall]]', ...before)).toBe('You said before:\n1. first\n2. second')
  })

  test('[[huge]] has the size that was asked for', async () => {
    const text = await hear('[[huge: 2MB]]')
    expect(text).toHaveLength(2_000_000)
    expect(text.slice(1_999_900)).toMatch(/^000019999 /)
  })

  test('usage is reckoned, a known beginning is cached, and a script can set both', async () => {
    const long: TestLine = { user: 'x'.repeat(8000) }
    const { usage: first } = await say('[[say: 12345678]]', long)
    expect(first).toMatchObject({ cached: 0, output: 2 })
    expect(first.input).toBeGreaterThan(2000)
    const { usage: second } = await say('[[say: 12345678]]', long)
    expect(second.input).toBe(first.input)
    expect(second.cached).toBeGreaterThan(1500)
    const { usage } = await say('[[usage: input=1000 cached=900 output=50]] [[say: x]]')
    expect(usage).toEqual({ input: 1000, cached: 900, output: 50 })
  })

  test.each([
    ['[[status: 429 retry-after=7]]', 429, '7', /.+/],
    ['[[status: 401]]', 401, null, /.+/],
    ['[[status: 500]]', 500, null, /.+/],
    ['[[status: 529 out of breath]]', 529, null, /^out of breath$/],
    ['[[delay: 1]] [[status: 400 prompt is too long]] [[say: x]]', 400, null, /^prompt is too long$/],
    ['[[status: abc]]', 400, null, /cannot read \[\[status: abc\]\]/],
  ])('%s', async (prompt, status, retryAfter, error) => {
    const reply = await say(prompt)
    expect(reply.response.status).toBe(status)
    expect(reply.response.headers.get('retry-after')).toBe(retryAfter)
    expect(reply.error).toMatch(error)
    expect(reply.texts).toEqual([])
  })

  test('an error in the midst of a stream is an event, and of a whole reply its status', async () => {
    const reply = await say('[[say: half]] [[status: 529 out of breath]]')
    expect(reply).toMatchObject({ error: 'out of breath', broken: false, texts: stream ? ['half'] : [] })
    expect(reply.response.status).toBe(stream ? 200 : 529)
  })

  test.each([['[[cut]]', []] as const, ['[[say: half]] [[cut]]', ['half']] as const])(
    '%s',
    async (prompt, texts) => {
      const reply = await say(prompt)
      expect(reply).toMatchObject({ broken: true, texts: stream ? texts : [] })
      expect(await server.requests[0]?.ended).toBe('cut')
    },
  )

  test('with `times` only the first tries of a turn fail', async () => {
    const statuses = async (prompt: string) => (await say(prompt)).response.status
    expect(await statuses('[[status: 529 times=2]] [[say: back]]')).toBe(529)
    expect(await statuses('[[status: 529 times=2]] [[say: back]]')).toBe(529)
    expect(await hear('[[status: 529 times=2]] [[say: back]]')).toBe('back')
    expect((await say('[[cut: times=1]]')).broken).toBe(true)
    expect(await hear('[[cut: times=1]]')).toBe('You said: [[cut: times=1]]')
  })

  test('[[gate]] holds a reply until it is released, whoever comes first', async () => {
    const held = hear('[[gate: one]] [[say: through]]')
    await server.waitForRequest(({ userText }) => userText?.includes('gate: one') ?? false)
    expect(await Promise.race([held, hear('meanwhile')])).toBe('You said: meanwhile')
    server.release('one')
    expect(await held).toBe('through')
    server.release('two')
    expect(await hear('[[gate: two]] [[say: open]]')).toBe('open')
  })

  test.each([
    '[[hang]]',
    '[[say: some]] [[hang]]',
    '[[gate: never]]',
    '[[delay: 60s]]',
    '[[chunks: 9 x 60s]]',
  ])('a client that leaves %s ends it', async (prompt) => {
    const leaving = new AbortController()
    const reply = ask(server.url, client, { lines: [{ user: prompt }], stream, signal: leaving.signal })
    const request = await server.waitForRequest(({ userText }) => userText === prompt)
    leaving.abort()
    await expect(reply).rejects.toThrow('abort')
    expect(await request.ended).toBe('client-left')
  })

  test('closing ends a reply that hangs', async () => {
    const reply = say('[[hang]]').catch(() => 'ended')
    const request = await server.waitForRequest(() => true)
    await server.close()
    expect(await reply).toBe('ended')
    expect(await request.ended).toBe('client-left')
  })

  test('a rule of the test goes before the directives of the prompt', async () => {
    server.script([
      {
        match: /^deploy/,
        steps: [
          { type: 'tool', tool: 'Bash', input: {} },
          { type: 'say', text: 'live' },
        ],
      },
      { match: 'secret', steps: [{ type: 'say', text: 'hush' }] },
      { match: /louder/, steps: (text) => [{ type: 'say', text: text.toUpperCase() }] },
    ])
    expect((await say('deploy it')).tools).toEqual([{ name: 'Bash', input: {} }])
    const deployed: TestLine[] = [{ user: 'deploy it' }, { tool: 'Bash', result: '' }]
    expect((await ask(server.url, client, { lines: deployed, stream })).texts).toEqual(['live'])
    expect(await hear('a secret [[say: loud]]')).toBe('hush')
    expect(await hear('louder')).toBe('LOUDER')
    expect(await hear('or [[say: loud]]')).toBe('loud')
  })

  test('a rule for one dialect leaves the others alone', async () => {
    server.script([{ match: 'hello', to: 'openai', steps: [{ type: 'say', text: 'from openai' }] }])
    expect(await hear('hello')).toBe(client.name === 'openai' ? 'from openai' : 'You said: hello')
  })

  test('the log has what reached the model, without secrets', async () => {
    await say('[[say: x]]', { user: 'before' }, { model: 'yes' })
    const lines = [{ user: 'before' }, { model: 'yes' }, { user: '[[say: x]]' }]
    const [request] = server.requests
    expect(request).toMatchObject({
      dialect: client.name,
      kind: 'turn',
      method: 'POST',
      userText: '[[say: x]]',
    })
    expect(request?.bodyText).toBe(JSON.stringify(client.body(lines, stream)))
    expect(request?.body).toEqual(JSON.parse(request?.bodyText ?? ''))
    expect(request?.headers['x-api-key']).toBe('redacted')
    expect(await request?.ended).toBe('answered')
  })
})

test.each(apiClients)(
  '$name streams in the pieces that were asked for, never through a character',
  async (client) => {
    const pieces = async (prompt: string) =>
      (await ask(server.url, client, { lines: [{ user: prompt }], stream: true })).texts
    expect(await pieces('[[chunks: 5 x 1ms abcdefghij]]')).toEqual(['ab', 'cd', 'ef', 'gh', 'ij'])
    expect(await pieces('[[chunks: 2 x 1ms a🎉b]]')).toEqual(['a🎉', 'b'])
  },
)

import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { launchArguments, startManualServer, type ManualServer } from './manual-server.test.support.js'
import type { TestHost } from './play-host.test.support.js'
import { modern } from './tasks/play-tasks.test.support.js'
import { mcpToolNames } from './mcp-tools.js'

let server: ManualServer

beforeEach(async () => {
  server = await startManualServer({ offersAll: true })
})

afterEach(() => server.close())

const Schema = z.looseObject({ type: z.literal('object') })
const ListedTool = z.looseObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  inputSchema: Schema.extend({
    properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })),
  }),
  outputSchema: Schema.optional(),
})
const List = z.looseObject({ tools: z.array(ListedTool) })

async function list(host: TestHost): Promise<z.infer<typeof List>> {
  return List.parse((await host.request('tools/list')).result)
}

test('every tool has a title, every parameter a short description, and every answer a schema', async () => {
  const { tools } = await list(server.host)
  expect(tools.map(({ name }) => name)).toEqual(mcpToolNames)
  expect(new Set(tools.map(({ title }) => title)).size).toBe(tools.length)
  const texts = tools.flatMap(({ name, inputSchema }) =>
    Object.entries(inputSchema.properties).map(([key, { description = '' }]) => ({ name, key, description })),
  )
  // These are described once, at launch_agent: their names say the rest.
  const short = texts.filter(({ description }) => description.length < 2)
  expect(short.map(({ name, key }) => [name, key])).toEqual([
    ['send_message', 'files'],
    ['invoke', 'files'],
    ['invoke', 'output_schema'],
  ])
  const long = texts.filter(({ key, description }) => key !== 'task_category' && description.length > 60)
  expect(long).toEqual([])
  expect(tools.filter(({ outputSchema }) => outputSchema === undefined)).toEqual([])
})

test('the server names itself with a title, a small icon and the address of its repository', async () => {
  const { result } = await server.host.request('initialize', {
    ...{ protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  })
  const { serverInfo } = z.looseObject({ serverInfo: z.looseObject({ icons: z.unknown() }) }).parse(result)
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const { repository } = z.looseObject({ repository: z.looseObject({ url: z.string() }) }).parse(manifest)
  const websiteUrl = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')
  expect(serverInfo).toMatchObject({
    name: 'subagent-mcp',
    title: 'Sub-agents',
    version: '1.2.3',
    websiteUrl,
  })
  expect(JSON.stringify(serverInfo.icons)).toMatch(
    /^\[\{"src":"data:image\/svg\+xml;base64,[\w+/=]+",.{0,100}$/,
  )
  expect(JSON.stringify(serverInfo.icons).length).toBeLessThan(500)
})

test('hosts of 2026 may keep the list for a minute, and only for their caller', async () => {
  const { host, close } = await server.connect('other', modern)
  expect(await list(host)).toMatchObject({ ttlMs: 60_000, cacheScope: 'private' })
  await close()
})

test('a host that follows MCP Tasks reads that wait and invoke run in the background, and no other host', async () => {
  const { host, close } = await server.connect('other', modern)
  const words = async (from: TestHost): Promise<string[]> =>
    (await list(from)).tools
      .filter(({ name }) => name === 'wait' || name === 'invoke')
      .map(({ description }) => description)
  for (const description of await words(host)) expect(description).toContain('in the background')
  expect((await words(host)).join()).not.toContain('Block')
  for (const description of await words(server.host)) expect(description).not.toContain('background')
  await close()
})

test('for a host that follows MCP Tasks, tools and instructions keep to 100 bytes more than the budget of others', async () => {
  const { host, close } = await server.connect('other', { ...modern, offersAll: true })
  const { result } = await host.request('server/discover')
  const words = (await list(host)).tools.map(({ outputSchema, ...tool }) => tool)
  expect(JSON.stringify(words).length + String(result?.['instructions']).length).toBeLessThan(8_600)
  await close()
})

describe('the data of an answer', () => {
  /** Calls a tool and returns the data of its answer, which has the listed schema. */
  async function dataOf(name: string, input: object = {}, host: TestHost = server.host): Promise<unknown> {
    const schemas = new Map((await list(host)).tools.map((tool) => [tool.name, tool.outputSchema]))
    const { result } = await host.request('tools/call', { name, arguments: input })
    expect([name, result?.isError, result?.content?.length]).toEqual([name, undefined, 1])
    const data: unknown = result?.['structuredContent']
    expect(z.fromJSONSchema(strictly(schemas.get(name))).safeParse(data).error).toBeUndefined()
    return data
  }

  test('of launching, waiting and ending says what the text says, with secrets masked', async () => {
    const { id, session } = await server.launched('docs')
    const agent = { id, name: 'docs', provider: 'claude', model: 'opus' }
    session.sink({ type: 'approval-requested', requestId: 'p1', tool: 'Bash', input: { command: 'ls' } })
    const permissions = [expect.objectContaining({ requestId: 'p1', call: 'Bash {"command":"ls"}' })]
    const asking = { ...agent, status: 'permission_requested', permissions }
    expect(await dataOf('wait')).toEqual({
      ...{ timedOut: false, agents: [asking] },
      reports: [{ agent: id, status: 'permission_requested' }],
    })
    expect(await dataOf('poll_agent', { agent_id: 'docs' })).toMatchObject({
      agent: asking,
      turn: 1,
      answer: '',
    })
    expect(await dataOf('respond_permission', { agent_id: id, decision: 'allow' })).toEqual({
      answered: { requestId: 'p1', tool: 'Bash' },
      agent: { ...agent, status: 'processing' },
    })
    session.finish(`the key is sk-ant-api03-${'a1B2'.repeat(24)}`)
    expect(await dataOf('wait')).toEqual({
      timedOut: false,
      reports: [{ agent: id, turn: 1, status: 'finished', answer: matching(/^the key is .*\[masked/) }],
      agents: [{ ...agent, status: 'finished' }],
    })
    expect(await dataOf('send_message', { agent_id: id, message: 'more' })).toEqual({
      ...{ outcome: 'started', agent: { ...agent, status: 'processing' } },
    })
    expect(await dataOf('list_agents')).toEqual({ agents: [{ ...agent, status: 'processing' }], limits: [] })
    expect(await dataOf('kill_agent', { agent_id: id })).toEqual({ agent: { ...agent, status: 'stopped' } })
    expect(await dataOf('launch_agent', launchArguments)).toMatchObject({ repeated: false, notes: [] })
  })

  test('of a failed turn has the failure', async () => {
    const { id, session } = await server.launched()
    const failure = { reason: 'rate-limited', message: 'too many', resetsAt: 0, hint: 'wait' } as const
    session.sink({ type: 'turn-ended', turnId: 'm2', outcome: { type: 'failed', failure } })
    expect(await dataOf('wait')).toMatchObject({
      reports: [{ agent: id, turn: 1, status: 'errored', failure }],
    })
    expect(await dataOf('poll_agent', { agent_id: id })).toMatchObject({ failure })
  })

  test('of defined agents and of the mode has what is stored', async () => {
    const task = dataOf('invoke', { agent: 'reviewer', task: 'x' })
    await expect.poll(() => server.driver.sessions.length).toBe(1)
    await server.driver.sessions[0]?.open()
    server.driver.sessions[0]?.finish('no fault')
    expect(await task).toMatchObject({ reports: [{ turn: 1, status: 'finished', answer: 'no fault' }] })
    expect(await dataOf('list')).toEqual({ agents: [] })
    expect(await dataOf('warmup', { agent: 'reviewer' })).toMatchObject({ process: { pid: 4711 } })
    expect(await dataOf('reset', { agent: 'reviewer' })).toEqual({ ended: 2 })
    expect(await dataOf('orchestration-mode')).toEqual({ project: '/p', on: false })
    const on = { project: '/p', on: true, since: 1_000_000, by: 'test', enforced: 'hooks' }
    expect(await dataOf('orchestration-mode', { enabled: true })).toEqual(on)
  })

  test('of messages has as much of their texts as the text shows', async () => {
    server.mail.deliver({ body: `a\u202Eb\n${'x'.repeat(90_000)}` })
    const chat = (input: object): Promise<unknown> => dataOf('chat', input)
    expect(await chat({ action: 'inbox' })).toMatchObject({
      total: 1,
      messages: [{ id: 'm1', thread: 't1' }],
    })
    const read = await chat({ action: 'read', thread: 't1' })
    const body = matching(/^a\\u\{202e\}b\nx+\n\[\d+ characters left out; whole: \/kept/)
    expect(read).toMatchObject({ total: 1, messages: [{ body }] })
    expect(JSON.stringify(read).length).toBeLessThan(25_000)
    expect(await chat({ action: 'send', to: 'tester', text: 'run' })).toEqual({
      ...{ messages: [], repeated: false, sent: { id: 'm2', to: 'tester', thread: 't2' } },
    })
    server.mail.deliver()
    expect(await chat({ action: 'reply', message: 'm3', text: 'done' })).toMatchObject({ sent: { id: 'm4' } })
    server.mail.deliver({ thread: 't9' })
    expect(await chat({ action: 'wait', thread: 't9' })).toMatchObject({ messages: [{ id: 'm5' }] })
    server.mail.deliver()
    expect(await dataOf('sync')).toMatchObject({ messages: arrayWith(expect.objectContaining({ id: 'm6' })) })
  })

  test.each(['claude-code', 'codex-mcp-client', 'cursor-vscode'])(
    'is left out for %s, whose model would lose the text',
    async (client) => {
      for (const speaks of ['2025', '2026'] as const) {
        const { host, close } = await server.connect('other', { offersAll: true, client, speaks })
        const { tools } = await list(host)
        expect(tools.filter(({ outputSchema }) => outputSchema)).toEqual([])
        const { result } = await host.request('tools/call', { name: 'list_agents', arguments: {} })
        expect(result?.content?.[0]?.text).toContain('no agents yet')
        expect(result).not.toHaveProperty('structuredContent')
        await close()
      }
    },
  )

  test('is left out of an error', async () => {
    const { result } = await server.host.request('tools/call', {
      name: 'poll_agent',
      arguments: { agent_id: 'z' },
    })
    expect(result).toMatchObject({ isError: true })
    expect(result).not.toHaveProperty('structuredContent')
  })
})

function matching(text: RegExp): unknown {
  return expect.stringMatching(text)
}

function arrayWith(item: unknown): unknown {
  return expect.arrayContaining([item])
}

/** A schema that takes no keys beside the listed ones. */
function strictly(schema: unknown): z.core.JSONSchema.JSONSchema {
  const parse = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(parse)
    if (typeof value !== 'object' || value === null) return value
    const strict = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, parse(each)]))
    return 'properties' in strict ? { ...strict, additionalProperties: false } : strict
  }
  return Schema.parse(parse(schema))
}

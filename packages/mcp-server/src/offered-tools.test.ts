import { SubagentError } from '@subagent-mcp/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'
import { listAllowedTools, listOfferedTools } from './offered-tools.js'

let server: ManualServer

beforeEach(async () => {
  server = await startManualServer()
})

afterEach(() => server.close())

const Listed = z.looseObject({ tools: z.array(z.looseObject({ name: z.string() })) })

async function names(host = server.host): Promise<readonly string[]> {
  const { result } = await host.request('tools/list')
  return Listed.parse(result).tools.map(({ name }) => name)
}

const told = (host = server.host): readonly string[] =>
  host.seen.flatMap(({ method }) => (method?.endsWith('/list_changed') ? [method] : []))

const host = { mayLaunch: true }
const nothing = { definitions: false, mail: false }

test.each<[string, Parameters<typeof listOfferedTools>, string[]]>([
  [
    'nothing is defined and nobody writes',
    [host, nothing],
    ['invoke', 'warmup', 'list', 'reset', 'chat', 'sync'],
  ],
  ['an agent is defined', [host, { ...nothing, definitions: true }], ['chat', 'sync']],
  ['others are in the mailbox', [host, { ...nothing, mail: true }], ['invoke', 'warmup', 'list', 'reset']],
  ['both', [host, { definitions: true, mail: true }], []],
  ['the user wants all', [{ ...host, offersAll: true }, nothing], []],
])('tools that are not offered where %s', (_, [rights, usable], missing) => {
  const offered = new Set(listOfferedTools(rights, usable))
  expect(listAllowedTools(rights).flatMap((tool) => (offered.has(tool) ? [] : [tool.name]))).toEqual(missing)
})

test('what a worker names for its session is offered, whatever can be used', () => {
  const rights = { mayLaunch: false, offers: ['list', 'chat', 'reset'] }
  expect(listOfferedTools(rights, nothing).map(({ name }) => name)).toEqual(['list', 'chat'])
})

test('the lists grow when an agent is defined and when the mailbox has another agent, and the host is told', async () => {
  const before = await names()
  expect(before).not.toContain('invoke')
  expect(before).not.toContain('chat')
  server.agents.define('reviewer')
  await expect.poll(() => told()).toEqual([toolsChanged, promptsChanged])
  expect(await names()).toEqual(expect.arrayContaining(['invoke', 'warmup', 'list', 'reset']))
  server.mail.beUsed()
  await expect.poll(() => told()).toEqual([toolsChanged, promptsChanged, toolsChanged])
  expect(await names()).toEqual(expect.arrayContaining(['chat', 'sync']))
})

test('a second definition changes the prompts alone, and no change is not told', async () => {
  server.agents.define('reviewer')
  await expect.poll(() => told()).toHaveLength(2)
  server.agents.define('reviewer', 'tester')
  await expect.poll(() => told().slice(2)).toEqual([promptsChanged])
  server.agents.define('reviewer', 'tester')
  server.agents.define()
  await expect.poll(() => told().slice(3)).toEqual([toolsChanged, promptsChanged])
})

test('a host that did not ask for its lists again, because its daemon is a new one, is told of changes', async () => {
  server.agents.define('reviewer')
  await expect.poll(() => told()).toEqual([toolsChanged, promptsChanged])
})

test('a host of the protocol of 2026 is told of the lists that it subscribes to', async () => {
  const { host: modern, close } = await server.connect('modern', { speaks: '2026' })
  void modern.request('subscriptions/listen', { notifications: { toolsListChanged: true } })
  await expect
    .poll(() => modern.seen.some(({ method }) => method === 'notifications/subscriptions/acknowledged'))
    .toBe(true)
  expect(await names(modern)).not.toContain('list')
  server.agents.define('reviewer')
  await expect.poll(() => told(modern)).toEqual([toolsChanged])
  expect(await names(modern)).toContain('list')
  await close()
})

test('a tool that is not offered runs all the same, and names what is missing', async () => {
  expect(await server.host.call('list')).toMatch(/^next: to define your own, write /)
  expect(await server.host.call('chat', { action: 'inbox' })).toBe('nothing waits\nnext: chat wait')
})

test('built-in definitions alone offer no tools of the pool', async () => {
  server.agents.define('reviewer')
  const own = server.agents.defined.definitions()
  server.agents.defined.definitions = () => own.map((agent) => ({ ...agent, builtIn: true }))
  expect(await names()).not.toContain('invoke')
  server.agents.defined.definitions = () => own
  expect(await names()).toContain('invoke')
})

test('definitions that cannot be read do not hide the tool that tells why', async () => {
  server.agents.defined.definitions = () => {
    throw new SubagentError('io-failed', 'cannot read /p/agents')
  }
  expect(await names()).toContain('list')
  expect(await server.host.call('list')).toMatch(/^io-failed: cannot read/)
})

const toolsChanged = 'notifications/tools/list_changed'
const promptsChanged = 'notifications/prompts/list_changed'

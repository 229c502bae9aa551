import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer

beforeEach(async () => {
  server = await startManualServer()
})
afterEach(() => server.close())

const call = (input?: object): Promise<string> => server.host.call('orchestration-mode', input)

test('the tool reports, turns on and turns off the mode for the calling host', async () => {
  expect(await call()).toBe('orchestration mode is off in /p')
  expect(await call({ enabled: true })).toBe(
    [
      'orchestration mode is on in /p since 1970-01-01T00:16:40.000Z, by test',
      'its hooks are set up: direct edits and commands are denied',
      'next: launch_agent or invoke for every step, then wait',
    ].join('\n'),
  )
  expect(await call({})).toContain('is on in /p')
  expect(await call({ enabled: false })).toBe('orchestration mode is off in /p')
  expect(server.mode.clients).toEqual(['test', 'test', 'test', 'test'])
})

test('it says when the mode expires', async () => {
  const times = { since: 0, expires: 3_600_000 }
  server.mode.status = { project: '/p', on: true, ...times, by: 'terminal', enforced: 'hooks' }
  expect(await call()).toContain('by terminal, until 1970-01-01T01:00:00.000Z\n')
})

test.each([
  ['no-hooks-set-up', 'Tell the user to run: subagent-mcp setup'],
  ['host-has-none', 'this host has no hooks'],
] as const)('it says that no hook enforces the mode: %s', async (enforced, says) => {
  server.mode.status = { project: '/p', on: true, since: 0, by: 'terminal', enforced }
  const text = await call()
  expect(text).toContain('stored, but nothing enforces it here')
  expect(text).toContain(says)
})

test('it refuses other input', async () => {
  expect(await call({ enabled: 'yes' })).toMatch(/^invalid-parameter: enabled/)
  expect(await call({ on: true })).toMatch(/^unknown-parameter: .*\nhint: .* takes enabled$/)
})

test('agents are not offered the tool', async () => {
  await server.close()
  server = await startManualServer({ mayLaunch: false })
  const { result } = await server.host.request('tools/list')
  expect(JSON.stringify(result)).not.toContain('orchestration-mode')
  await server.close()
  server = await startManualServer({ hasMode: false })
  expect(await call({ enabled: false })).toMatch(/^not-supported: orchestration mode is for hosts/)
})

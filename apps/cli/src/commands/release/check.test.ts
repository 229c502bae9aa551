import { checkForLeaks, createManualClock, type ManualClock } from '@subagent-mcp/testkit'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestTerminal, type TestTerminal } from '../../terminal/terminal.test.support.js'
import { updateProgram } from './update.js'
import { createReleaseSource, withCommandRunner } from '@subagent-mcp/installer'

checkForLeaks()

let home: string
let server: Server | undefined
beforeEach(() => {
  server = undefined
  home = realpathSync(mkdtempSync(join(tmpdir(), 'update-check-')))
})
afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  rmSync(home, { recursive: true })
})

const asking = 'asking the registry of npm for the newest release ...\n'
const waiting =
  'still waiting for the registry of npm, by npm view subagent-mcp version; gives up after 60 s\n'

test('a registry that never answers is named after four seconds, and given up after a minute', async () => {
  const { url, asked } = await startRegistry()
  const { checking, clock, terminal } = check(url)
  await asked
  expect(terminal.said.stderr).toBe(asking)
  clock.advance(4_000)
  expect(terminal.said.stderr).toBe(asking + waiting)
  clock.advance(55_999)
  expect(terminal.said.stdout).toBe('')
  clock.advance(1)
  await expect(checking).rejects.toMatchObject({
    message: matching(
      /^the newest release cannot be told: npm view subagent-mcp version: did not end within 60 s/,
    ),
    hint: 'this needs a network; nothing was changed. Try: npm view subagent-mcp version',
  })
})

test('a slow registry is waited for', async () => {
  const { url, asked } = await startRegistry()
  const { checking, clock, terminal } = check(url)
  const response = await asked
  clock.advance(59_999)
  const versions = { '9.0.0': { name: 'subagent-mcp', version: '9.0.0' } }
  response.end(JSON.stringify({ name: 'subagent-mcp', 'dist-tags': { latest: '9.0.0' }, versions }))
  expect(await checking).toBe(0)
  expect(JSON.parse(terminal.said.stdout)).toMatchObject({ newer: '9.0.0' })
  expect(terminal.said.stderr).toBe(asking + waiting)
})

test.each([
  ['refuses', 'http://127.0.0.1:9', /ECONNREFUSED/],
  ['has no address', 'http://registry.invalid', /ENOTFOUND|EAI_AGAIN/],
])('a registry that %s is an error that says so, with no wait of ours', async (_, url, why) => {
  const { checking, terminal } = check(url)
  await expect(checking).rejects.toThrow(why)
  expect(terminal.said).toEqual({ stdout: '', stderr: asking })
})

/** `expect.stringMatching`, typed as `unknown` because vitest types it as `any`. */
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)

type Check = { checking: Promise<number>; clock: ManualClock; terminal: TestTerminal }

/** Runs `update --check --json` with the real npm, as if npm had installed this program. */
function check(registry: string): Check {
  const clock = createManualClock()
  const terminal = createTestTerminal({ cwd: home, now: clock.now })
  const source = createReleaseSource({ type: 'npm', prefix: home, script: join(home, 'x.js') }, '0.0.0')
  const { PATH } = process.env
  const environment = {
    ...{ PATH, HOME: home, USERPROFILE: home, npm_config_registry: registry },
    npm_config_update_notifier: 'false',
  }
  const order = { does: 'check', json: true } as const
  const checking = withCommandRunner(
    environment,
    (run) => updateProgram(order, { terminal, installed: 'npm', source, run }, clock),
    clock,
  )
  return { checking, clock, terminal }
}

/** Starts a fake npm registry on the loopback. `asked` resolves with the response to the first request, which the test sends. */
async function startRegistry(): Promise<{ url: string; asked: Promise<ServerResponse> }> {
  let tell: (response: ServerResponse) => void
  const asked = new Promise<ServerResponse>((resolve) => (tell = resolve))
  const listening = createServer((_request, response) => {
    tell(response)
  })
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = z.object({ port: z.number() }).parse(listening.address())
  return { url: `http://127.0.0.1:${port}`, asked }
}

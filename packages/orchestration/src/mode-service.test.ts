import type { HostId } from '@subagent-mcp/installer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Choice } from '../wiring/choice.js'
import { openWiringState } from '../wiring/wiring-state.js'
import { createModeDesk, type ModeDesk } from './mode-desk.js'
import { openModeStore } from './mode-store.js'

let home: string
let environment: NodeJS.ProcessEnv
let now: number
let desk: ModeDesk

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mode-desk-'))
  environment = { SUBAGENT_MCP_HOME: home }
  now = 1000
  desk = createModeDesk(environment, () => now)
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

function setUp(host: HostId, choice: Partial<Choice> = {}): void {
  const usual = { scope: 'user', project: '/p', hooks: true, suppressNative: false, trust: true } as const
  openWiringState(environment).choose({ host, ...usual, ...choice })
}

test('a host turns it on and off in its project', async () => {
  const port = desk({ project: '/p', environment: { CLAUDE_CODE_SESSION_ID: 's1' } })
  expect(await port.get('claude-code')).toEqual({ project: '/p', on: false })
  expect(await port.set(true, 'claude-code')).toMatchObject({ on: true, since: 1000, by: 'claude-code' })
  expect(openModeStore(environment, () => now).status('/p')).toMatchObject({ session: 's1' })
  expect(await desk({ project: '/q', environment: {} }).get('claude-code')).toMatchObject({ on: false })
  expect(await port.set(false, 'claude-code')).toEqual({ project: '/p', on: false })
})

test('a host does not outdo the time that its user has set', async () => {
  openModeStore(environment, () => now).turnOn('/p', { by: 'terminal', expires: 5000 })
  const status = await desk({ project: '/p', environment: {} }).set(true, 'codex-mcp-client')
  expect(status).toMatchObject({ on: true, by: 'terminal', expires: 5000 })
})

const user = { project: '/elsewhere' } as const
test.each<[client: string | undefined, host: HostId, choice: Partial<Choice>, enforced: string]>([
  ['claude-code', 'claude', user, 'hooks'],
  ['codex-mcp-client', 'codex', user, 'hooks'],
  ['gemini-cli-mcp-client', 'gemini', user, 'hooks'],
  ['claude-code', 'claude', { scope: 'project' }, 'hooks'],
  ['claude-code', 'claude', { scope: 'project', ...user }, 'no-hooks-set-up'],
  ['claude-code', 'claude', { ...user, hooks: false }, 'no-hooks-set-up'],
  ['claude-code', 'codex', user, 'no-hooks-set-up'],
  ['codex-mcp-client', 'codex', { ...user, trust: false }, 'no-hooks-set-up'],
  ['claude-ai', 'claude-desktop', user, 'host-has-none'],
  ['Visual Studio Code', 'vscode', user, 'host-has-none'],
  [undefined, 'claude', user, 'host-has-none'],
])('%s with %s set up as %j: %s', async (client, host, choice, enforced) => {
  setUp(host, choice)
  expect(await desk({ project: '/p', environment: {} }).set(true, client)).toMatchObject({ enforced })
})

test('it is turned off also when nobody knows what setup wrote', async () => {
  const port = desk({ project: '/p', environment: {} })
  await port.set(true, 'claude-code')
  setUp('claude')
  writeFileSync(join(home, 'installer/records.json'), '{')
  await expect(port.get('claude-code')).rejects.toMatchObject({ code: 'config-invalid' })
  expect(await port.set(false, 'claude-code')).toMatchObject({ on: false })
})

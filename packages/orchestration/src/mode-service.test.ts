import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HookedHost } from './direct-tools.js'
import { createModeService, type ModeService } from './mode-service.js'
import { openModeStore, type ModeStore } from './mode-store.js'

let stateFolder: string
let store: ModeStore
let hooked: HookedHost[]
let modes: ModeService

beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'mode-service-'))
  store = openModeStore({ stateFolder, now: () => 1000 })
  hooked = []
  modes = createModeService({ store, hookedHosts: () => Promise.resolve(hooked) })
})
afterEach(() => {
  rmSync(stateFolder, { recursive: true })
})

test('a host turns the mode on and off in its project', async () => {
  const mode = modes({ project: '/p', environment: { CLAUDE_CODE_SESSION_ID: 's1' } })
  expect(await mode.get('claude-code')).toEqual({ project: '/p', on: false })
  expect(await mode.set(true, 'claude-code')).toMatchObject({ on: true, since: 1000, by: 'claude-code' })
  expect(store.status('/p')).toMatchObject({ session: 's1' })
  expect(await modes({ project: '/q', environment: {} }).get('claude-code')).toMatchObject({ on: false })
  expect(await mode.set(false, 'claude-code')).toEqual({ project: '/p', on: false })
})

test('a host does not change the end that its user has set', async () => {
  store.turnOn('/p', { by: 'terminal', expires: 5000 })
  const status = await modes({ project: '/p', environment: {} }).set(true, 'codex-mcp-client')
  expect(status).toMatchObject({ on: true, by: 'terminal', expires: 5000 })
})

test.each<[client: string | undefined, host: HookedHost, enforced: string]>([
  ['claude-code', 'claude', 'hooks'],
  ['codex-mcp-client', 'codex', 'hooks'],
  ['gemini-cli-mcp-client', 'gemini', 'hooks'],
  ['claude-code', 'codex', 'no-hooks-set-up'],
  ['claude-ai', 'claude', 'host-has-none'],
  ['Visual Studio Code', 'claude', 'host-has-none'],
  [undefined, 'claude', 'host-has-none'],
])('%s where %s has hooks: %s', async (client, host, enforced) => {
  hooked = [host]
  expect(await modes({ project: '/p', environment: {} }).set(true, client)).toMatchObject({ enforced })
})

test('the mode is turned off even when the hosts with hooks cannot be read', async () => {
  const broken = createModeService({ store, hookedHosts: () => Promise.reject(new Error('unreadable')) })
  const mode = broken({ project: '/p', environment: {} })
  store.turnOn('/p', { by: 'terminal' })
  await expect(mode.get('claude-code')).rejects.toThrow('unreadable')
  expect(await mode.set(false, 'claude-code')).toMatchObject({ on: false })
})

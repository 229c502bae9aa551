import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findHostsWithOurHooks } from './hooked-hosts.js'
import { bareMachine, realMachine } from './hosts/machine.test.support.js'
import type { SetupChoice } from './records/records-data.js'
import { openRecords } from './records/records.js'

const user = { project: '/elsewhere' } as const

test.each<[host: SetupChoice['host'], choice: Partial<SetupChoice>, hooked: string[]]>([
  ['claude', user, ['claude']],
  ['codex', user, ['codex']],
  ['gemini', user, ['gemini']],
  ['claude', { scope: 'project' }, ['claude']],
  ['claude', { scope: 'project', ...user }, []],
  ['claude', { ...user, hooks: false }, []],
  ['codex', { ...user, trust: false }, []],
  ['claude-desktop', user, []],
])('%s set up as %j: %j', (host, choice, hooked) => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'hooked-hosts-'))
  onTestFinished(() => {
    rmSync(stateFolder, { recursive: true })
  })
  const options = { scope: 'user', project: '/p', hooks: true, suppressNative: false, trust: true } as const
  openRecords(stateFolder).choose({ host, ...options, ...choice })
  expect(findHostsWithOurHooks(stateFolder, '/p', bareMachine())).toEqual(hooked)
})

test('a plugin brings hooks, except in Codex, which has to trust them', () => {
  const home = mkdtempSync(join(tmpdir(), 'hooked-hosts-'))
  onTestFinished(() => {
    rmSync(home, { recursive: true })
  })
  const extension = join(home, '.gemini/extensions/subagent-mcp')
  for (const folder of [extension, join(home, '.claude'), join(home, '.codex')])
    mkdirSync(folder, { recursive: true })
  writeFileSync(join(extension, 'gemini-extension.json'), '{}')
  writeFileSync(join(home, '.claude/settings.json'), '{"enabledPlugins":{"subagent-mcp@x":true}}')
  writeFileSync(join(home, '.codex/config.toml'), '[plugins."subagent-mcp@x"]\nenabled = true\n')
  expect(findHostsWithOurHooks(join(home, 'ours'), '/p', realMachine(home))).toEqual(['claude', 'gemini'])
})

import { checkForLeaks } from '@subagent-mcp/testkit'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAcpProfile, isGuardedAgent } from '../agent-config.js'
import type { GuardedSessionSpec } from './project-guard.js'

checkForLeaks()

let home: string
let cwd: string
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'agent-guards-')))
  cwd = join(home, 'work', 'project')
  mkdirSync(cwd, { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true }))

function write(path: string, content: string | object): void {
  const file = join(cwd, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

/** Applies the guard of a known agent's program to a session in the test project. */
function guard(command: string, more: Partial<GuardedSessionSpec> = {}) {
  const profile = createAcpProfile({ id: 'mine', command, args: [], env: {} })
  return profile.guard?.({ ...{ cwd, environment: { HOME: home }, mcp: 'none', asksAll: true }, ...more })
}

test.each([
  [{ id: 'mine', command: '/opt/bin/opencode' }, true],
  [{ id: 'mine', command: 'qwen' }, true],
  [{ id: 'qwen', command: 'node' }, true],
  [{ id: 'goose', command: 'goose' }, false],
])('an agent is known by its program, or by its name: %j', (agent, known) => {
  expect(isGuardedAgent(agent)).toBe(known)
})

describe('opencode', () => {
  test.each<[string, string | object]>([
    ['opencode.json', { plugin: [] }],
    ['opencode.json', { mcp: {} }],
    ['opencode.json', { instructions: ['~/.ssh/id_rsa'] }],
    ['opencode.json', { permission: { bash: { '*': 'deny', ls: 'allow' } } }],
    ['opencode.json', { permission: 'allow' }],
    ['opencode.json', '{ "theme": "x", }'],
    ['opencode.jsonc', '{ // "a"\n "provider": {} }'],
    ['../opencode.json', { agent: {} }],
    ['.opencode/opencode.json', {}],
    ['.opencode/plugin/x.ts', ''],
    ['../.opencode/tools/x.ts', ''],
    ['.opencode/agent/x.md', ''],
    ['.opencode/package.json', {}],
    ['.opencode/skill/x/SKILL.md', ''],
  ])('is refused with %s: %j', (path, content) => {
    write(path, content)
    expect(guard('opencode')).toMatchObject({ failure: { reason: 'refused' } })
    expect(guard('opencode', { permissions: 'full-auto' })).toMatchObject({ isApart: true })
  })

  test('is not refused with what is harmless, nor with files of the home', () => {
    write('opencode.json', { $schema: 'x', theme: 'x', permission: { bash: 'ask', edit: { '*': 'deny' } } })
    mkdirSync(join(home, '.opencode'))
    writeFileSync(join(home, 'opencode.json'), '{"plugin": ["x"]}')
    expect(guard('opencode')).toEqual({ env: {}, notes: [] })
  })
})

describe('qwen', () => {
  const untrusted = { QWEN_CODE_TRUSTED_FOLDERS_PATH: '{"/":"DO_NOT_TRUST"}' }

  test('is in a folder that it does not trust, with the instructions of the project', () => {
    expect(guard('qwen')).toMatchObject({ files: untrusted, notes: [] })
    write('QWEN.md', 'be brief')
    write('.qwen/settings.json', {})
    const made = guard('qwen')
    if (made === undefined || 'failure' in made) throw new Error('it was refused')
    expect(made.instructions).toContain('be brief')
    expect(made.notes.join()).toContain(join(cwd, '.qwen', 'settings.json'))
  })

  test('keeps the settings of an administrator', () => {
    const system = join(home, 'system.json')
    writeFileSync(system, '{ "security": { "folderTrust": { "enabled": false }, "a": 1 }, "b": 2 } // c')
    const made = guard('qwen', { environment: { HOME: home, QWEN_CODE_SYSTEM_SETTINGS_PATH: system } })
    if (made === undefined || 'failure' in made) throw new Error('it was refused')
    expect(JSON.parse(made.files?.['QWEN_CODE_SYSTEM_SETTINGS_PATH'] ?? '')).toEqual({
      security: { folderTrust: { enabled: true }, a: 1 },
      b: 2,
    })
  })

  test.each(['.qwen/settings.json', '../.qwen/extensions/x.json', '.mcp.json', '.env', '../.env'])(
    'is refused with %s where it needs MCP servers',
    (path) => {
      expect(guard('qwen', { mcp: 'inherit' })).toEqual({ env: {}, notes: [] })
      write(path, {})
      expect(guard('qwen', { mcp: 'inherit' })).toMatchObject({ failure: { reason: 'refused' } })
      expect(guard('qwen', { mcp: 'inherit', permissions: 'full-auto' })).toMatchObject({ isApart: true })
    },
  )
})

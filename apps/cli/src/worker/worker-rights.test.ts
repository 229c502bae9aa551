import { expect, test } from 'vitest'
import { workerRights } from './worker-rights.js'

const usual = ['chat', 'sync']
const ours = ['mcp__subagent-mcp__chat', 'mcp__subagent-mcp__sync']

test('the usual are two tools of ours, and nothing else', () => {
  expect(workerRights({ mode: 'dontAsk', allowed: usual })).toEqual({
    permissions: 'read-only',
    allowedTools: ours,
    tools: { only: [] },
    offered: usual,
    said: usual,
  })
})

test.each([
  ['claude', ['Read', 'Bash', 'Bash']],
  ['gemini', ['read_file', 'read_many_files', 'run_shell_command']],
])('%s has its own tools of those that are named', (provider, only) => {
  const allowed = ['Read', 'Bash(npm test)', 'Bash(git log:*)', 'mcp__github__*', '*']
  const rights = workerRights({ mode: 'dontAsk', allowed, provider })
  expect(rights).toMatchObject({ permissions: 'ask', allowedTools: allowed, offered: [] })
  expect(rights.tools).toEqual({ only: [...new Set(only)] })
})

test('edits are let pass in its folder alone', () => {
  const rights = workerRights({ mode: 'acceptEdits', allowed: usual, provider: 'claude' })
  expect(rights).toMatchObject({
    permissions: 'accept-edits',
    allowedTools: [...ours, 'Read(**)', 'Grep(**)', 'Glob(**)', 'Edit(**)', 'Write(**)'],
    tools: { only: ['Read', 'Grep', 'Glob', 'Edit', 'Write'] },
    offered: usual,
  })
})

test.each([
  ['default', 'ask'],
  ['bypassPermissions', 'full-auto'],
] as const)('%s is no closed list', (mode, permissions) => {
  const rights = workerRights({ mode, allowed: usual })
  expect(rights).toMatchObject({ permissions, offered: usual })
  expect(rights.allowedTools).toBeUndefined()
  expect(rights.tools).toBeUndefined()
})

test('what cannot be understood is refused', () => {
  expect(() => workerRights({ mode: 'dontAsk', allowed: ['Read'] })).toThrow('needs --provider')
  expect(() => workerRights({ mode: 'dontAsk', allowed: ['chatt'] })).toThrow('no tool is called chatt')
  expect(() => workerRights({ mode: 'default', allowed: ['Bash('] })).toThrow("'Bash(' is no rule")
})

import { mcpToolNames } from '@subagent-mcp/mcp-server'
import { expect, test } from 'vitest'
import { createWorkerRights } from './worker-rights.js'

const usual = ['chat', 'sync']
const ours = ['mcp__subagent-mcp__chat', 'mcp__subagent-mcp__sync']

test('by default two tools of subagent-mcp are allowed, and nothing else', () => {
  expect(createWorkerRights({ mode: 'dontAsk', allowed: usual })).toEqual({
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
  const rights = createWorkerRights({ mode: 'dontAsk', allowed, provider })
  expect(rights).toMatchObject({ permissions: 'ask', allowedTools: allowed, offered: [] })
  expect(rights.tools).toEqual({ only: [...new Set(only)] })
})

test('edits are let pass in its folder alone', () => {
  const rights = createWorkerRights({ mode: 'acceptEdits', allowed: usual, provider: 'claude' })
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
  const rights = createWorkerRights({ mode, allowed: usual })
  expect(rights).toMatchObject({ permissions, offered: usual })
  expect(rights.allowedTools).toBeUndefined()
  expect(rights.tools).toBeUndefined()
})

test('what cannot be understood is refused', () => {
  expect(() => createWorkerRights({ mode: 'dontAsk', allowed: ['Read'] })).toThrow('needs --provider')
  expect(() => createWorkerRights({ mode: 'dontAsk', allowed: ['chatt'] })).toThrow('no tool is called chatt')
  expect(() => createWorkerRights({ mode: 'default', allowed: ['Bash('] })).toThrow("'Bash(' is no rule")
})

test('each tool of our server can be named, by itself or as a rule', () => {
  for (const name of mcpToolNames)
    for (const allowed of [[name], [`mcp__subagent-mcp__${name}`]])
      expect(createWorkerRights({ mode: 'dontAsk', allowed })).toMatchObject({
        allowedTools: [`mcp__subagent-mcp__${name}`],
        offered: [name],
      })
  expect(mcpToolNames).toContain('list')
  expect(createWorkerRights({ mode: 'dontAsk', allowed: ['mcp__subagent-mcp'] }).offered).toEqual(
    mcpToolNames,
  )
})

test.each([
  ['list_pool', "'list_pool': no tool is called list_pool; for all", 'did you mean list or list_agents?'],
  ['mcp__subagent-mcp__list_pool', 'our server has no tool for', 'did you mean list or list_agents?'],
  ['Bsh(npm test)', 'no tool is called Bsh', 'did you mean Bash?'],
  ['qqqqqq', 'no tool is called qqqqqq', 'Bash, Read, Edit or WebFetch'],
])('%s is refused with the nearest names', (name, problem, nearest) => {
  const refused = () => createWorkerRights({ mode: 'dontAsk', allowed: [name], provider: 'claude' })
  expect(refused).toThrow(`--allowed-tools: `)
  expect(refused).toThrow(problem)
  expect(refused).toThrow(new RegExp(`${nearest.replace('?', '\\?')}$`))
})

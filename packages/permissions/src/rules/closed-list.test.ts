import { permissionPresets, type PermissionPreset } from '@subagent-mcp/contract'
import { afterAll, expect, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import type { CallerPermissions, CallAllowlist } from './caller-permissions.js'
import { decideToolCall } from './preset.js'
import { project, rule } from '../project.test.support.js'
import { noPermissionRules, type PermissionRules } from './rule.js'
import type { ParsedToolCall } from '../call/tool-call-action.js'

const { place, remove } = project()
afterAll(remove)

const call = (tool: string, input: unknown = {}, provider = 'claude') =>
  parseToolCall(provider, { tool, input }, place)
const shell = (command: string) => call('Bash', { command })

type Asked = { by?: CallAllowlist['by']; preset?: PermissionPreset; rules?: Partial<PermissionRules> }

const decided = (
  texts: readonly string[],
  asked: ParsedToolCall,
  { by = 'host', preset = 'ask', rules }: Asked = {},
) => {
  const closed = { by, allow: texts.map(rule) }
  const authority: CallerPermissions = { preset, rules: { ...noPermissionRules, ...rules }, closed }
  return decideToolCall({ ...authority, testCommands: ['npm test'] }, asked, place)
}
const verdicts = (texts: readonly string[], asked: ParsedToolCall, by: CallAllowlist['by'] = 'host') =>
  permissionPresets.map((preset) => decided(texts, asked, { by, preset }).verdict)

const [no, yes] = ['deny', 'allow']
const chat = 'mcp__subagent-mcp__chat'

test.each<[string, string[], ParsedToolCall, (string | undefined)[]]>([
  // By read-only, ask, accept-edits, full-auto.
  ['one MCP tool', [chat], call(chat), [yes, yes, yes, yes]],
  ['a server of MCP', ['mcp__subagent-mcp'], call(chat), [no, yes, yes, yes]],
  ['another MCP tool', [chat], call('mcp__subagent-mcp__launch_agent'), [no, no, no, no]],
  ['one of another server', [chat], call('mcp__x__chat'), [no, no, no, no]],
  ['a read that nothing names', [chat], call('Read', { file_path: 'a' }), [no, no, no, no]],
  ['a read', ['Read(src/**)'], call('Read', { file_path: 'src/a' }), [yes, yes, yes, yes]],
  ['a to-do list that nothing names', [chat], call('TodoWrite'), [no, no, no, no]],
  ['a to-do list', ['TodoWrite'], call('TodoWrite'), [yes, yes, yes, yes]],
  ['an edit that nothing names', ['Read'], call('Edit', { file_path: 'a' }), [no, no, no, no]],
  ['an edit', ['Edit(src/**)'], call('Edit', { file_path: 'src/a' }), [no, yes, yes, yes]],
  ['an edit elsewhere', ['Edit'], call('Edit', { file_path: '../a' }), [no, yes, yes, yes]],
  ['a command', ['Bash(make)'], shell('make'), [no, yes, yes, yes]],
  ['a command and another', ['Bash(make)'], shell('make && ls'), [no, no, no, no]],
  ['a command into a file', ['Bash(make)'], shell('make > a'), [no, no, no, no]],
  ['a test command that nothing names', ['Read'], shell('npm test'), [no, no, no, no]],
  ['a search of the web', ['WebSearch'], call('WebSearch', { query: 'x' }), [no, yes, yes, yes]],
  ['a host, by the search', ['WebSearch'], call('WebFetch', { url: 'https://a.example' }), [no, no, no, no]],
  ['what is not understood', ['*'], shell('echo "'), [no, no, no, no]],
  ['what cannot be taken back', ['Bash(git push -f)'], shell('git push -f'), [no, no, no, yes]],
  ['a secret', ['Read'], call('Read', { file_path: '.env' }), [no, no, no, yes]],
  ['anything, by an empty list', [], call(chat), [no, no, no, no]],
])('%s passes by a list of a host, or is denied: nobody is asked', (_, texts, asked, expected) => {
  expect(verdicts(texts, asked)).toEqual(expected)
})

test.each<[string, string[], ParsedToolCall, (string | undefined)[]]>([
  ['one MCP tool', [chat], call(chat), [no, no, no, yes]],
  ['a read', ['Read'], call('Read', { file_path: 'a' }), [yes, yes, yes, yes]],
  ['an edit', ['Edit'], call('Edit', { file_path: 'a' }), [no, yes, yes, yes]],
  ['a command', ['Bash(make)'], shell('make'), [no, no, no, yes]],
])('%s passes by a list of an agent only where it may do it itself', (_, texts, asked, expected) => {
  expect(verdicts(texts, asked, 'agent')).toEqual(expected)
})

test('a deny rule comes first, and what a rule asks about is denied', () => {
  const rules = { deny: [rule('Bash(rm:*)')], ask: [rule('mcp__subagent_mcp__chat'), rule('Bash(make)')] }
  for (const preset of permissionPresets) {
    for (const asked of [shell('rm a'), call(chat), shell('make')]) {
      expect(decided(['Bash', chat], asked, { preset, rules }).verdict).toBe('deny')
    }
  }
  expect(decided(['Bash'], shell('rm a'), { rules }).by).toBe('rule Bash(rm:*)')
})

test("a rule of the user's own lets pass what cannot be taken back, where the list names it too", () => {
  const preset = 'accept-edits'
  const rules = { allow: [rule('Bash(npm publish)')] }
  expect(decided(['Bash(npm publish)'], shell('npm publish'), { preset, rules }).verdict).toBe('allow')
  expect(decided(['Bash(npm publish)'], shell('npm publish'), { preset }).verdict).toBe('deny')
  expect(decided(['Bash(make)'], shell('npm publish'), { preset, rules }).verdict).toBe('deny')
})

test('it is said why', () => {
  expect(decided([chat], call('TodoWrite'))).toEqual({ verdict: 'deny', by: 'not among its allowed tools' })
  expect(decided([chat], call(chat))).toEqual({ verdict: 'allow', by: `allowed tool ${chat}` })
  expect(decided(['Read'], call('Read', { file_path: '.env' })).by).toBe('credentials')
})

const asGemini = {
  title: 'chat (subagent-mcp MCP Server)',
  content: [{ type: 'content', content: { type: 'text', text: '{"text":"run the command"}' } }],
}

test.each<[string, ParsedToolCall]>([
  ['Claude', call('mcp__subagent-mcp__chat')],
  ['Codex', call('mcp__subagent-mcp__chat', {}, 'codex')],
  ['Codex, by its own name of the server', call('mcp__subagent_mcp__chat', {}, 'codex')],
  ['Gemini', call('other', asGemini, 'gemini')],
  ['an agent of ACP', call('mcp_subagent-mcp_chat', {}, 'other')],
])('one rule is about our tool as %s asks for it, however it is written', (_, asked) => {
  for (const text of [chat, 'mcp__subagent_mcp__chat', 'mcp__subagent_mcp.chat', 'mcp_subagent-mcp_chat']) {
    expect(decided([text], asked, { preset: 'read-only' }).verdict).toBe('allow')
    expect(decided([text.replace('chat', 'sync')], asked).verdict).toBe('deny')
  }
})

test.each([
  'mcp__subagent-mcp2__chat',
  'mcp__subagent_mcp_x__chat',
  'mcp__my_subagent-mcp__chat',
  'mcp_subagent-mcp__chat',
])('%s is no tool of ours', (tool) => {
  expect(decided([chat], call(tool)).verdict).toBe('deny')
})

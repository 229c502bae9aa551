import { afterAll, expect, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import { decideToolCall, type PermissionPolicy } from './preset.js'
import { project, rule } from '../project.test.support.js'
import { noPermissionRules } from './rule.js'
import type { ParsedToolCall } from '../call/tool-call-action.js'

const { place, remove } = project()
afterAll(remove)

const call = (tool: string, input: unknown) => parseToolCall('claude', { tool, input }, place)
const shell = (command: string) => call('Bash', { command })
const policy = (
  preset: PermissionPolicy['preset'],
  rules: Partial<PermissionPolicy['rules']> = {},
): PermissionPolicy => ({
  preset,
  rules: { ...noPermissionRules, ...rules },
  testCommands: ['npm test'],
})
const verdicts = (asked: ReturnType<typeof shell>) =>
  (['read-only', 'ask', 'accept-edits', 'full-auto'] as const).map(
    (preset) => decideToolCall(policy(preset), asked, place).verdict,
  )

test.each([
  ['a read', call('Read', { file_path: 'a' }), ['allow', 'allow', 'allow', 'allow']],
  ['an edit', call('Edit', { file_path: 'a' }), ['deny', 'allow', 'allow', 'allow']],
  ['an edit outside', call('Edit', { file_path: '../a' }), ['deny', 'ask', 'ask', 'allow']],
  ['a hook of git', call('Write', { file_path: '.git/hooks/x' }), ['deny', 'ask', 'ask', 'allow']],
  ['a command that reads', shell('git log | head -5'), ['allow', 'allow', 'allow', 'allow']],
  ['a command that writes to a file', shell('git log > a'), ['deny', 'allow', 'allow', 'allow']],
  ['a test command', shell('npm test'), ['deny', 'allow', 'allow', 'allow']],
  ['a test command and more', shell('npm test && make'), ['deny', 'ask', 'ask', 'allow']],
  ['a file command', shell('mkdir -p src/b && rm src/*.js'), ['deny', 'ask', 'allow', 'allow']],
  ['.. after a link', shell('cd deep/.. && touch a'), ['deny', 'ask', 'ask', 'allow']],
  ['.. after a link of another cd', shell('cd deep; cd ..; ls > a'), ['deny', 'ask', 'ask', 'allow']],
  ['another command', shell('make'), ['deny', 'ask', 'ask', 'allow']],
  ['what is not understood', shell('echo "'), ['deny', 'ask', 'ask', 'allow']],
  ['an MCP tool', call('mcp__x__y', {}), ['deny', 'ask', 'ask', 'allow']],
])('%s', (_, asked, expected) => {
  expect(verdicts(asked)).toEqual(expected)
})

test('a deny comes before an ask, an ask before an allow', () => {
  const rules = { deny: [rule('Bash(rm:*)')], ask: [rule('Bash(make)')], allow: [rule('Bash')] }
  const verdict = (text: string, preset: PermissionPolicy['preset'] = 'ask') =>
    decideToolCall(policy(preset, rules), shell(text), place).verdict
  expect(verdict('curl x')).toBe('allow')
  expect(verdict('make')).toBe('ask')
  expect(verdict('curl x; /bin/rm a')).toBe('deny')
  expect(verdict('sudo -n rm a', 'full-auto')).toBe('deny')
  expect(verdict('echo "', 'full-auto')).toBe('ask')
})

test('of the home, and of what is above it, nothing is own', () => {
  for (const cwd of [place.home, '/']) {
    const at = { ...place, cwd }
    const verdict = (tool: string, input: unknown) =>
      decideToolCall(policy('accept-edits'), parseToolCall('claude', { tool, input }, at), at)
    expect(verdict('Write', { file_path: '~/.bashrc' }).verdict).toBe('ask')
    expect(verdict('Write', { file_path: '/etc/cron.d/x' }).verdict).toBe('ask')
    expect(verdict('Bash', { command: 'rm -rf /usr' })).toMatchObject({ by: 'delete outside the folder' })
    expect(verdict('Bash', { command: 'touch other/x' }).verdict).toBe('ask')
    expect(verdict('Write', { file_path: '~/.subagent-mcp/config.jsonc' })).toMatchObject({ humanOnly: true })
  }
})

test('our own home is for a person to open, what steers us in a project for who is asked', () => {
  const verdict = (preset: PermissionPolicy['preset'], file_path: string, tool = 'Read') =>
    decideToolCall(policy(preset), call(tool, { file_path }), { ...place, ownHome: `${place.home}/state` })
  for (const path of ['~/state/token', '~/.subagent-mcp/config.jsonc']) {
    expect(verdict('read-only', path).verdict).toBe('deny')
    expect(verdict('accept-edits', path)).toMatchObject({ verdict: 'ask', humanOnly: true })
    expect(verdict('ask', path, 'Edit')).toMatchObject({ verdict: 'ask', humanOnly: true })
  }
  expect(verdict('accept-edits', '.subagent-mcp/agents/a.md').verdict).toBe('allow')
  expect(verdict('accept-edits', '.subagent-mcp/agents/a.md', 'Edit')).toMatchObject({ humanOnly: false })
})

test('what is not understood is held against the rules that may be about it', () => {
  const decided = (deny: string, asked = shell('echo "')) =>
    decideToolCall(policy('full-auto', { deny: [rule(deny)] }), asked, place)
  expect(decided('WebFetch(domain:a.example)').verdict).toBe('allow')
  expect(decided('mcp__github').verdict).toBe('allow')
  expect(decided('Edit(.env)')).toEqual({
    verdict: 'ask',
    by: 'not understood (not a whole command line), and rule Edit(.env) may be about it',
    humanOnly: true,
  })
  expect(decided('Bash').verdict).toBe('deny')
  expect(decided('exec_command').verdict).toBe('deny')
  expect(decided('Bash', call('REPL', {})).verdict).toBe('ask')
  expect(decided('repl', call('REPL', {})).verdict).toBe('deny')
  expect(decided('*', call('REPL', {})).verdict).toBe('deny')
})

test.each([
  ['codex', 'exec_command', { command: 'rm x' }, 'exec_command(rm:*)'],
  ['codex', 'apply_patch', { changes: [{ path: 'a' }] }, 'apply_patch'],
  ['gemini', 'read', { paths: ['a'] }, 'read_file(a)'],
  ['gemini', 'edit', { paths: ['a'] }, 'replace(a)'],
  ['gemini', 'edit', { paths: ['a'] }, 'write_file(a)'],
  ['gemini', 'fetch', {}, 'web_fetch'],
  ['gemini', 'execute', { rawInput: { command: 'rm x' } }, 'run_shell_command(rm x)'],
  ['another', 'search', { paths: ['a'] }, 'search'],
  ['claude', 'Skill', {}, 'skill'],
  ['claude', 'WebFetch', { url: 'https://a.example' }, 'Web*'],
])('of %s %s %j is denied by %s', (provider, tool, input, text) => {
  const asked = parseToolCall(provider, { tool, input }, place)
  expect(decideToolCall(policy('full-auto', { deny: [rule(text)] }), asked, place).verdict).toBe('deny')
})

const lasting: [ParsedToolCall, string][] = [
  [shell('git push -f'), 'Bash(git push -f)'],
  [shell('sudo ls'), 'Bash(sudo ls)'],
  [call('Edit', { file_path: '~/.ssh/id' }), 'Edit(~/.ssh/id)'],
  [call('Read', { file_path: '~/.ssh/id' }), 'Read(~/.ssh/id)'],
]

test.each(lasting)(
  'what lasts passes in accept-edits by a rule that names just it, in ask by none',
  (asked, text) => {
    const verdict = (preset: PermissionPolicy['preset'], allow: readonly string[]) =>
      decideToolCall(policy(preset, { allow: allow.map(rule) }), asked, place)
    const human = { verdict: 'ask', humanOnly: true }
    const open = ['Bash', 'Read', 'Edit(~/**)', 'Bash(git push:*)', 'Bash(sudo *)']
    expect(verdict('ask', [...open, text])).toMatchObject(human)
    expect(verdict('accept-edits', open)).toMatchObject(human)
    expect(verdict('accept-edits', [...open, text]).verdict).toBe('allow')
  },
)

test('no rule makes a read-only session write', () => {
  expect(decideToolCall(policy('read-only', { allow: [rule('*')] }), shell('make'), place).verdict).toBe(
    'deny',
  )
})

const secrets: [string, ParsedToolCall][] = [
  ...['.env', '~/.ssh/config', 'notes', 'out/.ssh/config', '~/.SSH/config'].map(
    (file_path): [string, ParsedToolCall] => [file_path, call('Read', { file_path })],
  ),
  ...[
    { pattern: 'x', path: '~' },
    { pattern: 'x', path: '~/.ssh' },
    { pattern: 'x', path: '..' },
    { pattern: 'x', path: '/' },
    { pattern: 'x', glob: '.env*' },
    { pattern: 'x', glob: '**/*.pem' },
  ].map((input): [string, ParsedToolCall] => [JSON.stringify(input), call('Grep', input)]),
  ['Glob ~/.ssh', call('Glob', { pattern: '~/.ssh/*' })],
  ...[
    'cat .env',
    'cat ~/.ssh/config',
    'cat < .env',
    'head -c9 .e*',
    'rg x ~',
    'sed -n 1p .env',
    'cp .env a',
  ].map((command): [string, ParsedToolCall] => [command, shell(command)]),
]

test.each(secrets)(
  '%s is a secret: denied to who only reads, for a person to allow to others',
  (_, asked) => {
    const allow = [rule('*'), rule('Read'), rule('Bash')]
    expect(decideToolCall(policy('read-only', { allow }), asked, place)).toEqual({
      verdict: 'deny',
      by: 'credentials',
    })
    for (const preset of ['ask', 'accept-edits'] as const) {
      const human = { verdict: 'ask', by: 'credentials', humanOnly: true }
      expect(decideToolCall(policy(preset, { allow }), asked, place)).toEqual(human)
    }
  },
)

test('only a person says yes to more permissions for the rest of a turn', () => {
  const asked = parseToolCall('codex', { tool: 'request_permissions', input: { permissions: {} } }, place)
  expect(decideToolCall(policy('accept-edits', { allow: [rule('*')] }), asked, place)).toMatchObject({
    humanOnly: true,
  })
})

import { startLimit } from '@subagent-mcp/testkit'
import { afterAll, expect, test } from 'vitest'
import { parseToolCall } from './parse-tool-call.js'
import { project } from '../project.test.support.js'

const { place, remove } = project()
afterAll(remove)
const { cwd, home } = place

const actions = (provider: string, tool: string, input: unknown) =>
  parseToolCall(provider, { tool, input }, place).actions

const programs = (provider: string, tool: string, input: unknown) =>
  actions(provider, tool, input).map((action) =>
    action.type === 'run' ? action.command.words.map(({ text }) => text).join(' ') : action.type,
  )

test('a file of each CLI', () => {
  const edit = [{ type: 'edit', path: `${cwd}/src/index.ts` }]
  expect(actions('claude', 'Edit', { file_path: 'src/index.ts' })).toEqual(edit)
  expect(actions('codex', 'apply_patch', { changes: [{ path: 'src/index.ts' }] })).toEqual(edit)
  expect(actions('gemini', 'edit', { paths: ['src/index.ts'] })).toEqual(edit)
})

test('a path is where it leads to', () => {
  expect(actions('claude', 'Write', { file_path: 'out/x' })).toEqual([{ type: 'edit', path: `${home}/x` }])
  expect(actions('claude', 'Write', { file_path: 'deep/../x' })).toEqual([
    { type: 'edit', path: `${cwd}/src/x` },
  ])
  expect(actions('claude', 'Write', { file_path: 'dangling' })).toEqual([
    { type: 'edit', path: `${home}/not-there` },
  ])
})

test('a command of each CLI', () => {
  expect(programs('claude', 'Bash', { command: 'npm test' })).toEqual(['npm test'])
  expect(programs('codex', 'exec_command', { command: "/bin/bash -lc 'ls; rm x'", cwd })).toEqual([
    'ls',
    'rm x',
  ])
  expect(programs('gemini', 'execute', { rawInput: { command: 'ls' } })).toEqual(['ls'])
  expect(programs('another', 'execute', { title: 'ls' })).toEqual(['opaque'])
  expect(programs('codex', 'exec_command', { command: 'ls', cwd, network: { host: 'a.example' } })).toEqual([
    'ls',
    'network',
  ])
  expect(programs('codex', 'writeStdin', { command: 'ls', cwd })).toEqual(['opaque'])
})

test('a patch that deletes or moves', () => {
  const changes = [
    { path: 'a', kind: { type: 'delete' } },
    { path: 'b', kind: { type: 'update', move_path: 'c' } },
    { diff: '' },
  ]
  expect(actions('codex', 'apply_patch', { changes }).map(({ type }) => type)).toEqual([
    'delete',
    'edit',
    'edit',
    'opaque',
  ])
  expect(programs('codex', 'apply_patch', {})).toEqual(['opaque'])
})

test.each([
  ['sudo rm x', ['sudo rm x', 'rm x']],
  ['timeout 5 npm test', ['npm test']],
  ['env A=1 npm test', ['env A=1 npm test', 'npm test']],
  ['find . -exec rm {} +', ['find . -exec rm {} +', 'rm .']],
  ['find src -type f -exec cat {} +', ['find src -type f -exec cat {} +', 'cat src']],
  ['find . -exec sort + -o x {} \\;', ['find . -exec sort + -o x {} ;', 'sort + -o x .']],
  ['find a -type f -print0 | xargs -0 cat', ['find a -type f -print0', 'xargs -0 cat', 'cat a']],
  ['command -v rm', ['command -v rm']],
  ['/opt/homebrew/bin/bash -lc ls', ['ls']],
  ['/nix/store/abc-bash-5.2/bin/bash -lc ls', ['ls']],
  ['/tmp/bin/bash -lc ls', ['/tmp/bin/bash -lc ls', 'ls']],
  ['for f in a b; do cat "$f"; done', ['cat a', 'cat b']],
  ['for f in a; do for g in b c; do cat x/$f.$g; done; done', ['cat x/a.b', 'cat x/a.c']],
  ['for f in a; do read f; cat $f; done', ['read f', 'cat $f']],
  ['for f in a; do f=b; cat $f; done', ['', 'cat $f']],
  ['[[ -f a ]] && cat a', ['test -f a', 'cat a']],
  ['ls | xargs -n 1 rm', ['ls', 'xargs -n 1 rm', 'rm ']],
  ['eval "rm x"', ['eval rm x', 'rm x']],
  ['bash -c "$X"', ['bash -c $X', 'opaque']],
  ['bash <<< "rm x"', ['bash', 'opaque']],
  ['bash a.sh', ['bash a.sh']],
  ['trap "rm x" EXIT', ['trap rm x EXIT', 'rm x']],
  ['flock a rm x', ['flock a rm x', 'opaque']],
  ['sudo --user root rm x', ['sudo --user root rm x', 'rm x']],
  ['sudo --us root rm x', ['sudo --us root rm x', 'opaque']],
  ['env -iS "rm x"', ['env -iS rm x', 'opaque']],
  ["ls | xargs -I{} sh -c 'echo {}'", ['ls', 'xargs -I{} sh -c echo {}', 'sh -c echo {} ', 'opaque']],
  ['cd src && ls', ['cd src', 'ls']],
  ['cd $X && ls', ['opaque', 'ls']],
])('%s runs %j', (command, expected) => {
  expect(programs('claude', 'Bash', { command })).toEqual(expected)
})

test('what comes after cd may be in either folder', () => {
  const last = actions('claude', 'Bash', { command: 'cd src && ls' }).at(-1)
  expect(last).toMatchObject({ folders: [cwd, `${cwd}/src`] })
})

test('an MCP tool and one that nobody knows', () => {
  expect(actions('codex', 'mcp__x__y', {})).toEqual([{ type: 'mcp', tool: 'mcp__x__y' }])
  expect(actions('claude', 'New', {})).toEqual([{ type: 'other', tool: 'New' }])
  expect(actions('claude', 'WebFetch', { url: 'https://a.example/b' })).toEqual([
    { type: 'network', host: 'a.example' },
  ])
})

test('what concerns only the session of Claude, what runs a command, and what runs nobody knows what', () => {
  const types = (tool: string, input: unknown = {}) => actions('claude', tool, input).map(({ type }) => type)
  const ofSession = ['TodoWrite', 'TaskStop', 'KillShell', 'ListMcpResourcesTool', 'ExitPlanMode', 'Agent']
  expect(ofSession.flatMap((tool) => types(tool))).toEqual(ofSession.map(() => 'session'))
  expect(types('Agent', { mode: 'bypassPermissions' })).toEqual(['opaque'])
  expect(types('Task', { isolation: 'remote' })).toEqual(['opaque'])
  expect(types('Skill')).toEqual(['session'])
  expect(programs('claude', 'Monitor', { command: 'rm x' })).toEqual(['rm x'])
  for (const tool of ['PowerShell', 'REPL', 'Workflow', 'CronCreate']) expect(types(tool)).toEqual(['opaque'])
})

const inFolder = (text: string) => [{ type: 'content', content: { type: 'text', text } }]
const here = inFolder('[current working directory /home/user/project]')

test('a command of Gemini 0.61.0 is its title, as recorded', () => {
  expect(programs('gemini', 'execute', { title: 'sleep 100', content: here })).toEqual(['sleep 100'])
  const elsewhere = { title: 'ls', content: inFolder('[in src] (look)') }
  expect(actions('gemini', 'execute', elsewhere)).toMatchObject([{ type: 'run', folders: [`${cwd}/src`] }])
})

test.each([
  { title: "bash -c 'ls' 'x; rm y'", content: here },
  { title: 'bash -c "echo \\";rm x;\\""', content: here },
  { title: ' /bin/sh -c ls', content: here },
  { title: 'ls', content: inFolder('[in a] (b] (look)') },
  { title: 'ls', content: inFolder('something else') },
  {},
])('it cannot be told what Gemini runs with %j', (input) => {
  expect(programs('gemini', 'execute', input)).toEqual(['opaque'])
})

test('a file of Gemini 0.61.0, as recorded', () => {
  const path = `${cwd}/x.txt`
  const input = {
    title: 'Writing to x.txt',
    paths: [path],
    content: [{ type: 'diff', path, oldText: '', newText: 'hello', _meta: { kind: 'add' } }],
  }
  const edit = { type: 'edit', path }
  expect(actions('gemini', 'edit', input)).toEqual([edit, edit])
  expect(actions('gemini', 'read', { title: 'Allow access to absolute path: /etc' })).toMatchObject([
    { type: 'opaque' },
  ])
  expect(actions('gemini', 'fetch', { title: 'Processing URLs' })).toEqual([
    { type: 'network', host: undefined },
  ])
})

test.each([
  ['read (safe MCP Server)', '{"a":1}', 'mcp__safe__read'],
  ['read (safe MCP Server)', '[Payload omitted due to length with parameters: a, b]', 'mcp__safe__read'],
  // A tool with a `command` among its arguments has that as its title.
  ['read (safe MCP Server)', '{"command":"read (safe MCP Server)"}', 'other'],
  ['read (safe MCP Server)', '[Payload omitted due to length with parameters: a, b, c, d, e, ...]', 'other'],
  ['read (safe MCP Server)', '{"text":"run the command","more":{"command":1}}', 'mcp__safe__read'],
  ['read (safe MCP Server)', '[Payload omitted due to length with parameters: a, command]', 'other'],
  ['read (safe MCP Server)', '["a"]', 'other'],
  ['read (safe MCP Server)', '', 'other'],
  ['x (safe MCP Server) (evil MCP Server)', '{}', 'other'],
])('the MCP tool of Gemini with the title %s and %s is %s', (title, text, expected) => {
  const [action] = actions('gemini', 'other', { title, content: inFolder(text) })
  expect(action).toMatchObject({ tool: expected, type: expected === 'other' ? 'other' : 'mcp' })
})

test('what Codex 0.169.0 asks, as recorded', () => {
  const command = { command: "/bin/bash -lc 'touch asked'", cwd, reason: 'please' }
  expect(programs('codex', 'exec_command', command)).toEqual(['touch asked'])
  expect(programs('codex', 'exec_command', { command: ['bash', '-lc', 'ls; rm x'] })).toEqual(['ls', 'rm x'])
  const changes = [{ path: `${cwd}/p.txt`, kind: { type: 'add' }, diff: 'hello\n' }]
  expect(actions('codex', 'apply_patch', { changes })).toEqual([{ type: 'edit', path: `${cwd}/p.txt` }])
  expect(actions('codex', 'apply_patch', { changes, grantRoot: cwd })).toMatchObject([{}, { type: 'opaque' }])
  expect(actions('codex', 'mcp__alpha__wipe', { x: 'all' })).toEqual([
    { type: 'mcp', tool: 'mcp__alpha__wipe' },
  ])
  const asked = { permissions: { network: { enabled: true } }, reason: 'x' }
  expect(actions('codex', 'request_permissions', asked)).toMatchObject([{ type: 'opaque' }])
})

test('what Claude 2.1.329 asks, as recorded', () => {
  const input = { command: 'echo hi > out.txt; cat out.txt', description: 'run' }
  expect(programs('claude', 'Bash', input)).toEqual(['edit', 'echo hi', 'cat out.txt'])
  expect(programs('claude', 'Bash', { command: 'ls', dangerouslyDisableSandbox: true })).toEqual([
    'ls',
    'opaque',
  ])
})

test('a search names a folder, and what its pattern names', () => {
  const paths = (tool: string, input: unknown) =>
    actions('claude', tool, input).map((action) => (action.type === 'read' ? action.path : action.type))
  expect(paths('Grep', { pattern: 'x' })).toContain(cwd)
  expect(paths('Grep', { pattern: 'x', glob: '**/.env*' })).toContain(`${cwd}/.env`)
  expect(paths('Grep', { pattern: 'x', glob: '*.{ts,pem}', path: 'src' }).at(-1)).toMatch(/\.pem$/)
  expect(paths('Glob', { pattern: '/etc/ssh/*' })).toContain('/etc/ssh')
})

test('what is too much to look at is not looked at', async () => {
  const moves = Array.from({ length: 30 }, (_, at) => `cd d${at}`).join('; ')
  const words = Array.from({ length: 600 }, (_, at) => `a${at}`).join(' ')
  const limit = startLimit(2_000)
  expect(programs('claude', 'Bash', { command: moves })).toEqual(['opaque'])
  expect(programs('claude', 'Bash', { command: `cat ${words}` })).toEqual(['opaque'])
  expect(actions('codex', 'apply_patch', { changes: Array(9999).fill({ path: 'a' }) })).toHaveLength(1)
  expect(actions('claude', 'Glob', { pattern: '{,'.repeat(9999) })).toHaveLength(1)
  expect(await limit.isOver()).toBe(false)
})

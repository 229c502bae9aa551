import { mkdirSync, symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorOf, makeProject } from '../project.test.support.js'

const path = '.claude/agents/reviewer.md'

/** Reads a definition file that has a description and these lines of frontmatter. */
function read(lines: string, files: Record<string, string> = {}) {
  return makeProject({ [path]: `---\ndescription: d\n${lines}\n---\nBody.\n`, ...files }).find('reviewer')
}

test('a definition in the Claude format with all that is read of it', () => {
  const project = makeProject({
    [path]: `---
# A comment.
name: reviewer
description: |
  Reviews code.
  Thoroughly.
tools: Read, Grep, Bash(git log:*, git diff:*), mcp__github, mcp__own
disallowedTools: [Write, 'Edit']
model: inherit
permissionMode: acceptEdits
maxTurns: 12
mcpServers:
  - github
  - own: { command: node, args: [x.js] }
color: blue
memory: project
---

You review.
`,
  })
  expect(project.find('reviewer')).toEqual({
    name: 'reviewer',
    description: 'Reviews code.\nThoroughly.',
    path: project.at(path),
    provider: 'claude',
    permissions: 'accept-edits',
    deny: [],
    ask: [],
    tools: { only: ['Read', 'Grep', 'Bash(git log:*, git diff:*)'], without: ['Write', 'Edit'] },
    maxTurns: 12,
    mcp: ['github'],
    mcpServers: { own: { command: 'node', args: ['x.js'] } },
    env: [],
    pool: {},
    skills: [],
    expertise: [],
    body: '\nYou review.\n',
    unknownKeys: ['color', 'memory'],
    notes: [],
    lines: {
      name: 3,
      description: 4,
      tools: 7,
      disallowedTools: 8,
      model: 9,
      permissionMode: 10,
      maxTurns: 11,
      mcpServers: 12,
      color: 15,
      memory: 16,
    },
  })
})

test('a byte order mark, carriage returns, inline and block lists', () => {
  const text =
    '---\nname: reviewer # mine\ndescription: "a: b"\ntools: [Read, Grep]\ndisallowedTools:\n  - Bash\n---\nA\nB\n'
  const project = makeProject({ [path]: `\uFEFF${text.replaceAll('\n', '\r\n')}` })
  expect(project.find('reviewer')).toMatchObject({
    description: 'a: b',
    tools: { only: ['Read', 'Grep'], without: ['Bash'] },
    body: 'A\nB\n',
  })
})

test("a definition in Gemini's format", () => {
  const text = `---
name: auditor
kind: local
display_name: Auditor
description: d
tools: ['*']
mcp_servers: { own: { command: node } }
model: gemini-3-flash-preview
temperature: 0.2
max_turns: 10
timeout_mins: 2
---
`
  const project = makeProject({ '.gemini/agents/auditor.md': text })
  const definition = project.find('auditor')
  expect(definition).toMatchObject({
    provider: 'gemini',
    model: 'gemini-3-flash-preview',
    maxTurns: 10,
    timeoutMs: 120_000,
    mcp: 'none',
    mcpServers: { own: { command: 'node' } },
    unknownKeys: ['display_name', 'temperature'],
  })
  expect(definition).not.toHaveProperty('tools')
})

test('our own keys', () => {
  const project = makeProject({
    'agents/worker.md': `---
description: d
provider: codex
model: gpt-5
effort: high
task_category: coding
cwd: packages/api
env: [DATABASE_URL, PGUSER]
timeout: 1.5
pool: { max: 2, recycleAfterTasks: 50, idleMinutes: 5 }
prime:
  prompt: Read.
  files: [docs/map.md]
mcpServers: inherit
---
`,
    'docs/map.md': 'A map.',
  })
  expect(project.find('worker')).toMatchObject({
    name: 'worker',
    provider: 'codex',
    model: 'gpt-5',
    effort: 'high',
    category: 'coding',
    cwd: project.at('packages/api'),
    env: ['DATABASE_URL', 'PGUSER'],
    timeoutMs: 1500,
    pool: { max: 2, recycleAfterTasks: 50, idleMinutes: 5 },
    prime: { prompt: 'Read.', files: [project.at('docs/map.md')] },
    mcp: 'inherit',
    unknownKeys: [],
    body: '',
  })
})

test.each([
  ['permissionMode: default', { permissions: 'ask' }],
  ['permissionMode: dontAsk', { permissions: 'read-only' }],
  ['permissionMode: bypassPermissions', { permissions: 'full-auto' }],
  ['permissionMode: read-only', { permissions: 'read-only' }],
  ['deny: Bash(rm -rf a, b), Edit(docs/**)', { deny: ['Bash(rm -rf a, b)', 'Edit(docs/**)'], ask: [] }],
  ['ask:\n  - Bash(git push:*)', { deny: [], ask: ['Bash(git push:*)'], unknownKeys: [] }],
  ['tools: []', { tools: { only: [] } }],
  ['tools: Read', { tools: { only: ['Read'] } }],
  ['base: &base { tools: Read }\n<<: *base', { tools: { only: ['Read'] }, unknownKeys: ['base'] }],
  ['disallowedTools: Bash, Write', { tools: { without: ['Bash', 'Write'] } }],
  ['mcpServers: github, jira', { mcp: ['github', 'jira'] }],
  ['mcpServers: []', { mcp: 'none' }],
  ['mcpServers: { own: { url: "http://x" } }', { mcp: 'none', mcpServers: { own: { url: 'http://x' } } }],
  ['prime: Look around.', { prime: { prompt: 'Look around.', files: [] } }],
  [
    'tools: [Read, mcp__github]',
    { tools: { only: ['Read'] }, notes: [expect.stringContaining('server github')] },
  ],
  [
    'tools: [Read, mcp__github]\nmcpServers: [github]',
    { tools: { only: ['Read'] }, mcp: ['github'], notes: [] },
  ],
  ['tools: [mcp__github__*]\nmcp_servers: { github: {} }', { tools: { only: [] }, notes: [] }],
  ['tools: [mcp__my_hub]\nmcpServers: [my.hub]', { mcp: ['my.hub'], notes: [] }],
  ['provider: gemini\ntools: [read_file, mcp_hub_*]\nmcpServers: [hub]', { tools: { only: ['read_file'] } }],
  ['tools: [Read, mcp__*]\nmcpServers: inherit', { tools: { only: ['Read'] }, mcp: 'inherit', notes: [] }],
  ["tools: ['*']\nmcpServers: [github]", { mcp: ['github'] }],
  ['disallowedTools: [mcp__github__get]\nmcpServers: [github]', { tools: { without: ['mcp__github__get'] } }],
  [
    'disallowedTools: Bash(git add, git commit), Write',
    { tools: { without: ['Bash(git add, git commit)', 'Write'] } },
  ],
  ['disallowedTools: [\'Bash(node -e "f()")\']', { tools: { without: ['Bash(node -e "f()")'] } }],
])('%s', (lines, expected) => {
  expect(read(lines)).toMatchObject(expected)
})

test('all that is wrong with the keys is reported in one error, in the order of the file', () => {
  const project = makeProject({ [path]: '---\nmaxTurns: many\nname: other\nhooks: {}\n---\n' })
  const { message } = errorOf(() => project.find('reviewer'))
  const told = message.split('; ').map((problem) => problem.replace(`${project.at(path)}:`, ''))
  expect(told.map((problem) => problem.slice(0, 12))).toEqual([
    '1: descripti',
    '2: maxTurns:',
    '3: name: is ',
    '4: hooks: ho',
  ])
})

test('aliases that grow without bound are an error', () => {
  const rows = Array.from('abcdefghi', (key, index) => {
    const below = index === 0 ? 'lol' : `*${String.fromCharCode(96 + index)}`
    return `${key}: &${key} [${Array(9).fill(below).join(', ')}]`
  })
  const project = makeProject({ [path]: `---\n${rows.join('\n')}\n---\n` })
  expect(errorOf(() => project.find('reviewer')).message).toContain('Excessive alias count')
})

test('a size above the limit is reported', () => {
  const project = makeProject({ [path]: `---\ndescription: d\n---\n${'x'.repeat(256 * 1024)}` })
  const { message } = errorOf(() => project.find('reviewer'))
  expect(message).toBe(`${project.at(path)}:1: has 262167 bytes, above the limit of 256 kB`)
})

test('what is not UTF-8 is reported', () => {
  const project = makeProject({ [path]: Buffer.from('\uFEFF---\ndescription: d\n---\n', 'utf16le') })
  expect(errorOf(() => project.find('reviewer')).message).toBe(`${project.at(path)}:1: is not text in UTF-8`)
})

test('a prime is bounded in all, its files are there and inside of the project', () => {
  const project = makeProject({ 'big.md': 'x'.repeat(150_000), '../outside.md': 'x' })
  const told = (files: string): string => {
    project.write({ [path]: `---\ndescription: d\nprime:\n  prompt: p\n  files: [${files}]\n---\n` })
    return errorOf(() => project.find('reviewer')).message
  }
  expect(told('big.md, ./big.md')).toBe(
    `${project.at(path)}:3: prime: is 300001 bytes with its files, above the limit of 256 kB`,
  )
  expect(told('gone.md')).toContain(`${project.at(path)}:5: prime: there is no file ${project.at('gone.md')}`)
  expect(told('../outside.md')).toContain(`outside of ${project.at('.')}`)
})

test('the folder that a definition of the project names is in the project, by real paths; the users own may name any', () => {
  const project = makeProject({ '../home/agents/own.md': '---\ndescription: d\ncwd: ../outside\n---\n' })
  mkdirSync(project.at('../outside'))
  mkdirSync(project.at('packages'))
  symlinkSync('../outside', project.at('link'))
  symlinkSync('packages', project.at('inside'))
  const cwdOf = (cwd: string, environment?: Record<string, string>): string | undefined => {
    project.write({ [path]: `---\ndescription: d\ncwd: ${cwd}\n---\n` })
    return project.find('reviewer', environment).cwd
  }
  expect(['packages', '.', 'inside', 'gone/deeper'].map((cwd) => cwdOf(cwd))).toEqual(
    ['packages', '.', 'inside', 'gone/deeper'].map((cwd) => project.at(cwd)),
  )
  for (const cwd of ['../outside', '..', 'link', 'link/gone', project.at('../outside'), '../project-evil']) {
    expect(errorOf(() => cwdOf(cwd)).message).toContain(`${project.at(path)}:3: cwd: leads to `)
  }
  expect(project.find('own').cwd).toBe(project.at('../outside'))
  symlinkSync('project/.claude/agents', project.at('../named'))
  const named = errorOf(() => cwdOf('..', { AGENTS_DIR: '../named' }))
  expect(named.message).toContain(`${project.at('../named/reviewer.md')}:3: cwd: leads to `)
})

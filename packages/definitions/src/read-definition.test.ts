import { expect, test } from 'vitest'
import { errorOf, makeProject } from './project.test.support.js'

const path = '.claude/agents/reviewer.md'

/** The definition in a file with these lines of frontmatter, and a description. */
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
tools: Read, Grep, Bash(git log:*, git diff:*)
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
  ['tools: []', { tools: { only: [] } }],
  ['tools: Read', { tools: { only: ['Read'] } }],
  ['base: &base { tools: Read }\n<<: *base', { tools: { only: ['Read'] }, unknownKeys: ['base'] }],
  ['disallowedTools: Bash, Write', { tools: { without: ['Bash', 'Write'] } }],
  ['mcpServers: github, jira', { mcp: ['github', 'jira'] }],
  ['mcpServers: []', { mcp: 'none' }],
  ['mcpServers: { own: { url: "http://x" } }', { mcp: 'none', mcpServers: { own: { url: 'http://x' } } }],
  ['prime: Look around.', { prime: { prompt: 'Look around.', files: [] } }],
  ['tools: [mcp__github__list]', { notes: [expect.stringContaining('MCP server github')] }],
  ['tools: [mcp__github__list]\nmcpServers: [github]', { notes: [] }],
])('%s', (lines, expected) => {
  expect(read(lines)).toMatchObject(expected)
})

const wrong: readonly [text: string, message: string, hint: string][] = [
  ['You review.', '1: has no frontmatter', 'begin the file with ---'],
  ['', '1: has no frontmatter', 'begin the file with ---'],
  ['\n---\ndescription: d\n---\n', '1: has no frontmatter', 'begin the file with ---'],
  ['---\ndescription: d\n\nYou review.', '1: the frontmatter that begins here has no closing ---', 'put ---'],
  ['---\n---\n', '1: description: is missing', 'a sentence'],
  ['---\n- a\n- b\n---\n', '2: the frontmatter has no keys', 'one key a line'],
  ['---\ndescription: d\ntools: Read\n\ntools: Bash\n---\n', '5: tools: is there twice', 'keep one'],
  [
    '---\nname: reviewer\ndescription: use when: always\n---\n',
    '3: not valid YAML: Nested mappings are not allowed in compact mappings',
    'needs quotes',
  ],
  ['---\ndescription: d\ntools: [Read\n---\n', '3: not valid YAML: ', 'mend it there'],
  [
    '---\ndescription: d\nmodel: *nobody\n---\n',
    '3: not valid YAML: Unresolved alias',
    'write the values out',
  ],
  [
    '---\nname: checker\ndescription: d\n---\n',
    "2: name: is 'checker', but the file is reviewer.md",
    'write name: reviewer, or call the file checker.md',
  ],
  [
    '---\ndescription: d\nname: ../x\n---\n',
    "3: name: is '../x', but the file is reviewer.md",
    'write name: reviewer',
  ],
  ['---\ndescription: d\nname: 7\n---\n', '3: name: Invalid input: expected string', 'its file without .md'],
  ['---\ndescription:\n---\n', '2: description: has no value', 'a sentence'],
  ['---\ndescription: d\ntools:\n---\n', '3: tools: has no value', '[] for none'],
  ['---\ndescription: d\ntools:\n  - Read\n  - 7\n---\n', '5: tools[1]: Invalid input', 'a list of tools'],
  ['---\ndescription: d\ntools: { Read: true }\n---\n', '3: tools: Invalid input', 'a list of tools'],
  ['---\ndescription: d\npermissionMode: plan\n---\n', '3: permissionMode: plan makes', 'dontAsk'],
  ['---\ndescription: d\npermissionMode: auto\n---\n', '3: permissionMode: auto leaves', 'dontAsk'],
  [
    '---\ndescription: d\npermissionMode: toString\n---\n',
    "3: permissionMode: there is no mode 'toString'",
    'dontAsk',
  ],
  ['---\ndescription: d\nmaxTurns: 0\n---\n', '3: maxTurns: Too small', 'a whole number, 1 or more'],
  ['---\ndescription: d\neffort: 3\n---\n', '3: effort: Invalid option', 'low, medium, high'],
  ['---\ndescription: d\ntask_category: cooking\n---\n', '3: task_category: is no category', 'coding'],
  ['---\ndescription: d\ntimeout: soon\n---\n', '3: timeout: Invalid input', 'seconds'],
  ['---\ndescription: d\nenv: { A: b }\n---\n', '3: env: Invalid input', 'names of environment variables'],
  [
    '---\ndescription: d\nenv: [A, "B C"]\n---\n',
    '3: env[1]: is no name of a variable',
    'names of environment',
  ],
  [
    '---\ndescription: d\npool:\n  max: 1\n  size: 3\n---\n',
    '5: pool: Unrecognized key: "size"',
    'recycleAfterTasks',
  ],
  ['---\ndescription: d\npool:\n  max: 1.5\n---\n', '4: pool.max: Invalid input', 'recycleAfterTasks'],
  ['---\ndescription: d\nmcpServers: [{ own: node }]\n---\n', '3: mcpServers: is neither', '.mcp.json'],
  [
    '---\ndescription: d\nhooks:\n  PreToolUse: []\n---\n',
    '3: hooks: hooks are not run here',
    'disallowedTools',
  ],
  ['---\ndescription: d\nisolation: worktree\n---\n', '3: isolation: an agent here works', 'as cwd'],
  ['---\ndescription: d\npolicy: {}\n---\n', '3: policy: policies are not applied', 'permissionMode'],
  ['---\ndescription: d\nkind: remote\n---\n', '3: kind: is another kind than local', 'local'],
  [
    '---\ndescription: d\ndisallowed-tools: Bash\n---\n',
    '3: disallowed-tools: this spelling',
    'write disallowedTools',
  ],
  ['---\ndescription: d\nallowed_tools: Bash\n---\n', '3: allowed_tools: this spelling', 'write tools'],
  ['---\ndescription: d\nskills: [../x]\n---\n', '3: skills[0].name: a name is letters', 'a list of names'],
  [
    '---\ndescription: d\noptional: [x]\n---\n',
    "3: optional: 'x' is in neither",
    'list x in one of them too',
  ],
]

test.each(wrong)('%j is told as %j', (text, message, hint) => {
  const project = makeProject({ [path]: text })
  const error = errorOf(() => project.find('reviewer'))
  expect(error.code).toBe('definition-invalid')
  expect(error.message).toContain(`${project.at(path)}:${message}`)
  expect(error.message).not.toContain('; ')
  expect(error.hint).toContain(hint)
})

test('all that is wrong with the keys is told at once, in the order of the file', () => {
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

test('a size above the limit is told', () => {
  const project = makeProject({ [path]: `---\ndescription: d\n---\n${'x'.repeat(256 * 1024)}` })
  const { message } = errorOf(() => project.find('reviewer'))
  expect(message).toBe(`${project.at(path)}:1: has 262167 bytes, above the limit of 256 kB`)
})

test('what is not UTF-8 is told', () => {
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

import { mkdirSync, symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorOf, makeProject } from './project.test.support.js'

const text = (description: string): string => `---\ndescription: ${description}\n---\n`

const inOrder = [
  'named/a.md',
  '.subagent-mcp/agents/a.md',
  '.claude/agents/a.md',
  '.gemini/agents/a.md',
  'agents/a.md',
  '../home/.subagent-mcp/agents/a.md',
  '../home/.claude/agents/a.md',
  '../home/.gemini/agents/a.md',
  '../home/agents/a.md',
]

test('the first place wins, and tells whom it hides', () => {
  const project = makeProject(Object.fromEntries(inOrder.map((path) => [path, text(path)])))
  const found = project.find('a', { AGENTS_DIR: 'named' })
  expect(found.description).toBe(inOrder[0])
  expect(found.notes).toEqual(inOrder.slice(1).map((path) => `shadows ${project.at(path)}`))
})

test.each(inOrder.slice(1))('%s is found, for the provider of its folder', (path) => {
  const found = makeProject({ [path]: text('d') }).find('a')
  expect(found.provider).toBe(path.includes('.gemini') ? 'gemini' : 'claude')
  expect(found.notes).toEqual([])
})

test("AGENTS_DIR can be another project's .gemini/agents", () => {
  const project = makeProject({ '../other/.gemini/agents/a.md': text('d') })
  expect(project.find('a', { AGENTS_DIR: '../other/.gemini/agents' }).provider).toBe('gemini')
})

test('the folders of the user move with our setting and with that of Claude', () => {
  const project = makeProject({ '../x/agents/a.md': text('ours'), '../y/agents/b.md': text('d') })
  const environment = { SUBAGENT_MCP_HOME: project.at('../x'), CLAUDE_CONFIG_DIR: project.at('../y') }
  expect(project.find('a', environment).description).toBe('ours')
  expect(project.find('b', environment).provider).toBe('claude')
})

test('a broken file in the first place is reported, and not passed over for the next', () => {
  const project = makeProject({ '.claude/agents/a.md': 'no', 'agents/a.md': text('d') })
  expect(errorOf(() => project.find('a')).message).toContain(project.at('.claude/agents/a.md'))
})

test.each(['b', '../agents-evil/a', '/etc/passwd', '..', '', 'a.md', 'sub/a', 'constructor'])(
  'there is no agent %j',
  (name) => {
    const project = makeProject({
      'agents/a.md': text('d'),
      'agents-evil/a.md': text('d'),
      'agents/sub/a.md': 'x',
    })
    const error = errorOf(() => project.find(name))
    expect(error.code).toBe('unknown-definition')
    expect(error.message).toBe(`no agent is called '${name}'`)
    expect(error.hint).toContain('there are: a')
  },
)

test('without any, the folders that were looked in are told', () => {
  const project = makeProject({ agents: 'a file' })
  expect(errorOf(() => project.find('a')).hint).toContain(
    `built in are: explorer, reviewer, tester, writer; none of your own is in ${project.at('.subagent-mcp/agents')}, `,
  )
})

test('a file may not lead out of its folder by a link; a folder may be a link, and links may stay inside', () => {
  const project = makeProject({
    'agents-evil/a.md': text('evil'),
    '../outside/agents/d.md': text('d'),
    'agents/c.md': text('c'),
  })
  symlinkSync(project.at('agents-evil/a.md'), project.at('agents/a.md'))
  symlinkSync('../agents-evil', project.at('agents/sub'))
  symlinkSync('c.md', project.at('agents/inside.md'))
  symlinkSync('/dev/null', project.at('agents/null.md'))
  mkdirSync(project.at('.claude'))
  symlinkSync('../../outside/agents', project.at('.claude/agents'))
  const refused = (name: string, target: string): string =>
    `${project.at(`agents/${name}.md`)}:1: leads to ${target}, outside of ${project.at('agents')}`
  expect(errorOf(() => project.find('a')).message).toBe(refused('a', project.at('agents-evil/a.md')))
  expect(errorOf(() => project.find('null')).message).toBe(refused('null', '/dev/null'))
  expect(project.find('inside').description).toBe('c')
  expect(project.find('d')).toMatchObject({ description: 'd', path: project.at('.claude/agents/d.md') })
})

test('a definition replaces the built-in one of its name, without a note', () => {
  expect(makeProject().find('reviewer')).toMatchObject({ builtIn: true, provider: 'other', notes: [] })
  const own = makeProject({ '../home/.claude/agents/reviewer.md': text('mine') }).find('reviewer')
  expect(own).toMatchObject({ description: 'mine', provider: 'claude', notes: [] })
  expect(own).not.toHaveProperty('builtIn')
})

test('a provider that launches choose has neither model nor effort', () => {
  const project = makeProject({
    'agents/a.md': '---\ndescription: d\nprovider: other\nmodel: inherit\n---\n',
    'agents/b.md': '---\ndescription: d\nprovider: any\nmodel: opus\neffort: high\n---\n',
  })
  expect(project.find('a').provider).toBe('other')
  expect(errorOf(() => project.find('b')).message).toContain(
    "b.md:4: model: is chosen with the provider, which is 'any'; ",
  )
})

test('one folder that is reached in two ways hides nothing from itself', () => {
  const project = makeProject({ '.claude/agents/a.md': text('d') })
  symlinkSync('.claude', project.at('.gemini'))
  expect(project.find('a')).toMatchObject({ provider: 'claude', notes: [] })
  expect(project.find('a', { HOME: project.at('.'), USERPROFILE: project.at('.') }).notes).toEqual([])
})

test('what is no file is reported', () => {
  const project = makeProject({ 'agents/a.md/b.md': 'x' })
  expect(errorOf(() => project.find('a')).message).toContain('a.md:1: cannot be read (it is no file)')
})

test('the list has all by name, the broken with what is wrong, and no documents', () => {
  const project = makeProject({
    'agents/b.md': text('b'),
    '.claude/agents/c.md': '---\ntools: [\n---\n',
    'agents/c.md': text('hidden'),
    '../home/agents/A.md': text('A'),
    'agents/my agent.md': text('d'),
    'agents/README.md': 'Read me.',
    'agents/_draft.md': 'later',
    'agents/notes.txt': 'x',
  })
  const listed = project
    .list()
    .filter((entry) => entry.type === 'invalid' || !entry.definition.builtIn)
    .map((entry) =>
      entry.type === 'valid'
        ? entry.definition.name
        : `${entry.name} in ${entry.path}: ${entry.error.message}`,
    )
  expect(listed).toEqual([
    'A',
    'b',
    expect.stringContaining(
      `c in ${project.at('.claude/agents/c.md')}: ${project.at('.claude/agents/c.md')}:2: not valid`,
    ),
    expect.stringContaining("my agent.md:1: 'my agent' cannot be a name"),
  ])
})

test('a file that is there, but is taken for a document, is reported', () => {
  const project = makeProject({ 'agents/claude.md': text('d'), 'agents/a.md': text('d') })
  expect(errorOf(() => project.find('claude'))).toMatchObject({
    code: 'unknown-definition',
    message: `${project.at('agents/claude.md')} is taken for a document, not for an agent`,
    hint: 'give the agent another name; there are: a, explorer, reviewer, tester, writer',
  })
  expect(errorOf(() => project.find('gemini')).message).toBe("no agent is called 'gemini'")
})

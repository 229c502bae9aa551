import { expect, test } from 'vitest'
import { hashDefinition } from './definition-hash.js'
import { makeProject } from './project.test.support.js'

const files = {
  'agents/a.md':
    '---\ndescription: d\nskills: [s]\nexpertise: [e]\nprime: { prompt: p, files: [f.md] }\n---\nBody',
  'skills/s.md': 'S',
  'expertise/e.md': 'E',
  'f.md': 'F',
}

const changed: readonly Record<string, string>[] = [
  { 'agents/a.md': files['agents/a.md'].replace('Body', 'body') },
  { 'agents/a.md': files['agents/a.md'].replace('prompt: p', 'prompt: q') },
  ...[
    'tools: [Read]',
    'model: m',
    'effort: low',
    'provider: codex',
    'permissionMode: dontAsk',
    'deny: [Bash]',
    'ask: [Bash]',
    'maxTurns: 1',
  ].map((line) => ({
    'agents/a.md': files['agents/a.md'].replace('description: d', `description: d\n${line}`),
  })),
  ...['mcpServers: [x]', 'mcpServers: { x: {} }', 'env: [X]', 'cwd: x'].map((line) => ({
    'agents/a.md': files['agents/a.md'].replace('description: d', `description: d\n${line}`),
  })),
  { 'skills/s.md': 's' },
  { 'expertise/e.md': 'e' },
  { 'f.md': 'f' },
]

test.each(changed)('another hash with %j', (change) => {
  const project = makeProject(files)
  const before = hashDefinition(project.find('a'))
  project.write(change)
  expect(hashDefinition(project.find('a'))).not.toBe(before)
})

test('the same hash while nothing changes that a session is made with', () => {
  const project = makeProject(files)
  const before = hashDefinition(project.find('a'))
  const description = '# A comment.\ncolor: red\npool: { max: 2 }\ndescription: another'
  project.write({
    'agents/a.md': files['agents/a.md'].replace('description: d', description).replaceAll('\n', '\r\n'),
    '../home/agents/a.md': 'hidden',
  })
  expect(hashDefinition(project.find('a'))).toBe(before)
})

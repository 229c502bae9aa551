import { expect, test } from 'vitest'
import { createDefinitionText } from './create-definition-text.js'
import { errorOf, makeProject } from './project.test.support.js'

const others = {
  '.claude/skills/style-guide/SKILL.md': 'x',
  'docs/map.md': 'x',
}

test('a new definition can be used as it is', () => {
  const project = makeProject({
    'agents/a.md': createDefinitionText('a', { provider: 'codex', description: 'x: "y" # z' }),
  })
  expect(project.find('a')).toMatchObject({
    provider: 'codex',
    description: 'x: "y" # z',
    unknownKeys: [],
    notes: [],
  })
})

test('each key that it shows is one, with a value that it takes', () => {
  const shown = createDefinitionText('a').replaceAll('\n# ', '\n')
  const { unknownKeys, lines, notes } = makeProject({ 'agents/a.md': shown, ...others }).find('a')
  expect(unknownKeys).toEqual([])
  expect(notes).toEqual(["the optional expertise 'billing' is not there"])
  expect(Object.keys(lines)).toEqual(
    expect.arrayContaining(['model', 'tools', 'skills', 'pool', 'prime', 'timeout']),
  )
})

test('no file outside of the folder is made', () => {
  expect(errorOf(() => createDefinitionText('../a'))).toMatchObject({ code: 'invalid-parameter' })
})

test.each(['claude', 'README', 'Agents', 'gemini'])(
  'no file is made that is not taken for an agent: %s',
  (name) => {
    expect(errorOf(() => createDefinitionText(name))).toMatchObject({
      code: 'invalid-parameter',
      hint: `${name}.md is taken for a document, not for an agent`,
    })
  },
)

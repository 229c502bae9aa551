import { symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorOf, makeProject } from '../project.test.support.js'

const path = 'agents/worker.md'
const agent = (lines: string): Record<string, string> => ({ [path]: `---\ndescription: d\n${lines}\n---\n` })

test('skills and expertise are read from the first place that has them, without their frontmatter', () => {
  const project = makeProject({
    ...agent('skills:\n  - a\n  - name: b\nexpertise: [c]'),
    '.subagent-mcp/skills/a.md':
      '\uFEFF---\r\nname: other\r\nallowed-tools: [x\r\n---\r\n\r\n  A: \t1\r\n---\r\n',
    '.claude/skills/a/SKILL.md': 'shadowed',
    '.gemini/skills/b/SKILL.md': 'no frontmatter\n',
    '../home/.claude/expertise/c.md': 'C',
  })
  expect(project.find('worker')).toMatchObject({
    skills: [
      { name: 'a', path: project.at('.subagent-mcp/skills/a.md'), text: '\n  A: \t1\n---\n' },
      { name: 'b', path: project.at('.gemini/skills/b/SKILL.md'), text: 'no frontmatter\n' },
    ],
    expertise: [{ name: 'c', path: project.at('../home/.claude/expertise/c.md'), text: 'C' }],
    notes: [],
  })
})

test('SKILLS_DIR and EXPERTISE_DIR come first, relative ones against the project', () => {
  const project = makeProject({
    ...agent('skills: [a]\nexpertise: [a]'),
    'mine/a.md': 'mine',
    'ours/a.md': 'ours',
    'skills/a.md': 'theirs',
  })
  const environment = { SKILLS_DIR: 'mine', EXPERTISE_DIR: project.at('ours') }
  expect(project.find('worker', environment)).toMatchObject({
    skills: [{ text: 'mine' }],
    expertise: [{ text: 'ours' }],
  })
})

test('a missing one is an error that says where it was looked for, each with its line', () => {
  const project = makeProject(agent('skills:\n  - a\n  - b'))
  const error = errorOf(() => project.find('worker'))
  expect(error.code).toBe('definition-invalid')
  expect(error.message).toContain(
    `${project.at(path)}:4: there is no skill 'a' in ${project.at('.subagent-mcp/skills')}, `,
  )
  expect(error.message).toContain(`${project.at(path)}:5: there is no skill 'b' in `)
  expect(error.hint).toContain('a/SKILL.md or a.md in one of them, or add optional: [a]')
})

test.each(['skills: [a]\noptional: [a]', 'skills: [{ name: a, optional: true }]'])(
  'a missing one that is optional is a note: %j',
  (lines) => {
    const { skills, notes } = makeProject(agent(lines)).find('worker')
    expect({ skills, notes }).toEqual({ skills: [], notes: ["the optional skill 'a' is not there"] })
  },
)

test('a link out of the folder, also into one whose name only begins like it, is an error; optional or not', () => {
  const project = makeProject({
    ...agent('skills: [a]\noptional: [a]'),
    'skills-evil/a.md': 'x',
    'skills/b.md': 'x',
  })
  symlinkSync(project.at('skills-evil/a.md'), project.at('skills/a.md'))
  const { message } = errorOf(() => project.find('worker'))
  expect(message).toBe(
    `${project.at('skills/a.md')}:1: leads to ${project.at('skills-evil/a.md')}, outside of ${project.at('skills')}`,
  )
})

test('a link that leads nowhere is not taken for a missing one', () => {
  const project = makeProject({ ...agent('skills: [a]\noptional: [a]'), 'skills/b.md': 'x' })
  symlinkSync('gone.md', project.at('skills/a.md'))
  expect(errorOf(() => project.find('worker')).message).toContain(
    `${project.at('skills/a.md')}:1: cannot be read`,
  )
})

test('one without a closing --- or above the size is an error in its own file', () => {
  const project = makeProject({ ...agent('skills: [a]'), 'skills/a.md': '---\nname: a\n' })
  expect(errorOf(() => project.find('worker')).message).toContain(
    `${project.at('skills/a.md')}:1: the frontmatter`,
  )
  project.write({ 'skills/a.md': 'x'.repeat(262_145) })
  expect(errorOf(() => project.find('worker')).message).toContain(
    `${project.at('skills/a.md')}:1: has 262145 bytes`,
  )
})

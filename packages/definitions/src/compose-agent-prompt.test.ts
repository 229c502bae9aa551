import { expect, test } from 'vitest'
import { composeAgentPrompt, estimateTokenCount } from './compose-agent-prompt.js'

const definition = {
  name: 'reviewer',
  skills: [{ name: 'git', path: '/p/skills/git/SKILL.md', text: '\n  indented\n\nGit.\n\n' }],
  expertise: [{ name: 'billing', path: '/p/expertise/billing.md', text: 'Billing.' }],
  body: '\nYou review.\n',
}

test('skills, expertise, body and then what changes', () => {
  expect(composeAgentPrompt(definition, { cwd: '/p', date: '2026-11-21' })).toBe(`# Skill: git

Files that it names are in /p/skills/git

  indented

Git.

# Expertise: billing

Billing.

# Agent: reviewer

You review.

# Environment

Working directory: /p
Date: 2026-11-21
`)
})

test('another day or folder changes the end alone', () => {
  const [monday, tuesday] = ['2026-11-23', '2026-11-24'].map((date) =>
    composeAgentPrompt(definition, { cwd: '/p', date }),
  )
  const stable = monday?.slice(0, monday.indexOf('# Environment')) ?? ''
  expect(stable).not.toBe('')
  expect(tuesday?.startsWith(stable)).toBe(true)
  expect(composeAgentPrompt(definition, { cwd: '/p', date: '2026-11-23' })).toBe(monday)
})

test('an agent that says nothing has its environment alone', () => {
  const nothing = { name: 'x', skills: [], expertise: [], body: ' \n' }
  expect(composeAgentPrompt(nothing, { cwd: '/p', date: 'D' })).toBe(
    '# Environment\n\nWorking directory: /p\nDate: D\n',
  )
})

test('a weight is a quarter of the bytes', () => {
  expect([estimateTokenCount(''), estimateTokenCount('abcde'), estimateTokenCount('ééé')]).toEqual([0, 2, 2])
})

import { makeDefinitionTerminal } from './definition-terminal.test.support.js'
import { containing, matching } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { agentsShowCommand } from './show.js'

test('what it is made of, its prompt and what that weighs', async () => {
  const { terminal, define, write, project } = makeDefinitionTerminal()
  write('.claude/skills/style/SKILL.md', ['Write short sentences.'])
  define('reviewer', [
    'provider: claude',
    'model: opus',
    'effort: low',
    'permissionMode: acceptEdits',
    'deny: [Bash(git push:*), WebFetch]',
    'ask: Edit(docs/**)',
    'disallowedTools: [Bash]',
    'mcpServers: [github]',
    'skills: [style]',
    'timeout: 60',
    'pool: { max: 2 }',
  ])
  expect(await agentsShowCommand.run(['reviewer'], terminal)).toBe(0)
  const [facts = '', prompt = ''] = terminal.said.stdout.split(/\n\n(.*)/s)
  expect(facts.split('\n')).toEqual([
    'reviewer: what reviewer does',
    `file         ${project}/.subagent-mcp/agents/reviewer.md`,
    'provider     claude opus low',
    'permissions  accept-edits',
    'never        Bash(git push:*), WebFetch',
    'asks for     Edit(docs/**)',
    'tools        all, without Bash',
    'MCP servers  github',
    'timeout      1 min 0 s',
    'pool         at most 2; a new process after 100 tasks, 60 min or above 400 MB, none after 10 idle min',
    matching(/^prompt {7}about \d+ tokens: style 6, body 5$/),
  ])
  expect(prompt).toMatch(/Write short sentences\.[^]*You are reviewer\.[^]*Date: 2026-11-2\d\n$/)
  expect(prompt).toContain(`Working directory: ${project}\n`)
})

test('as JSON it is whole', async () => {
  const { terminal, define, write, project } = makeDefinitionTerminal()
  write('.claude/expertise/billing.md', ['Money.'])
  const path = define('reviewer', ['expertise: billing', 'tools: []'])
  await agentsShowCommand.run(['reviewer', '--json'], terminal)
  expect(JSON.parse(terminal.said.stdout)).toMatchObject({
    name: 'reviewer',
    path,
    provider: 'claude',
    permissions: 'ask',
    tools: { only: [] },
    mcp: 'none',
    expertise: [{ name: 'billing', path: `${project}/.claude/expertise/billing.md` }],
    pool: { max: 4, recycleAfterTasks: 100 },
    prompt: containing('Money.'),
    weight: {
      parts: [
        { type: 'expertise', name: 'billing', tokens: 2 },
        { type: 'body', tokens: 5 },
      ],
    },
  })
})

test('as JSON it has not what only the parser needs', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  define('reviewer')
  await agentsShowCommand.run(['reviewer', '--json'], terminal)
  expect(JSON.parse(terminal.said.stdout)).not.toHaveProperty('lines')
})

test('one that would not be run says why', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  const path = define('bold', ['permissionMode: bypassPermissions'])
  await agentsShowCommand.run(['bold'], terminal)
  expect(terminal.said.stdout).toContain(`\nproblem      ${path}:4: agent 'bold' would run without`)
  terminal.said.stdout = ''
  await agentsShowCommand.run(['bold', '--json'], terminal)
  expect(JSON.parse(terminal.said.stdout)).toMatchObject({ problem: containing(`${path}:4: `) })
})

test('control characters in a definition do not reach the terminal', async () => {
  const { terminal, write } = makeDefinitionTerminal()
  write('agents/sly.md', ['---', 'description: x', '---', 'clear \u001b[2Jthe screen\u0007'])
  await agentsShowCommand.run(['sly'], terminal)
  // eslint-disable-next-line no-control-regex -- it is what must not be there
  expect(terminal.said.stdout).not.toMatch(/[\u001b\u0007]/)
})

test('one that there is not names those that there are', async () => {
  const { terminal, define } = makeDefinitionTerminal()
  define('reviewer')
  await expect(agentsShowCommand.run(['revewer'], terminal)).rejects.toMatchObject({
    code: 'unknown-definition',
    hint: containing('reviewer'),
  })
})

import { expect, test } from 'vitest'
import { checkPermissionRule } from './read-rule.js'

test.each([
  'Bash',
  'bash(npm test:*)',
  'Bash(echo "(a) b")',
  'MultiEdit(docs/**)',
  '*(~/keys/**)',
  'WebFetch(domain:docs.rs)',
  'mcp__github__*',
  'mcp__github',
  'Task',
  'exec_command(ls:*)',
  'run_shell_command',
  'KillBash',
  'Task*',
])('%s is a rule', (text) => {
  expect(checkPermissionRule(text)).toMatchObject({ type: 'rule', rule: { text } })
})

test.each([
  ['', 'is no rule'],
  ['rm -rf', 'is no rule'],
  ['Bash(rm', 'as Bash(git push:*) or Edit(docs/**)'],
  ['Bash(rm:*), Edit(docs/**)', 'is no rule'],
  ['Bash(rm:*) Edit(docs/**)', 'is no rule'],
  ['Bsh', 'no tool is called Bsh'],
  ['Bsh(rm:*)', 'no tool is called Bsh'],
  ['Agent(x)', 'Agent takes nothing in parentheses'],
  ['mcp__github(get)', 'mcp__github takes nothing in parentheses'],
  ['WebFetch(https://docs.rs)', 'write a host, as WebFetch(domain:docs.rs)'],
])('%s would be about nothing: %s', (text, problem) => {
  const read = checkPermissionRule(text)
  expect(read.type === 'problem' && read.problem).toContain(problem)
})

import { afterAll, expect, test } from 'vitest'
import { doesRuleFit, project } from '../project.test.support.js'
import { parsePermissionRule } from './read-rule.js'

const { place, remove } = project()
afterAll(remove)

const paths: [string, string, boolean][] = [
  ['Edit(src/**)', 'src/a', true],
  ['Edit(src/**)', './src/a/b', true],
  ['Edit(src/**)', 'other/../src/a', true],
  ['Edit(src/**)', 'deep/x', true],
  ['Edit(src/**)', '../project/src/a', true],
  ['Edit(src/**)', '~/project/src/a', true],
  ['Edit(src/**)', 'out/project/src/a', true],
  ['Edit(deep/**)', 'src/a/x', true],
  ['Edit(src/*)', 'src/a', true],
  ['Edit(src/**/*.ts)', 'src/a.ts', true],
  ['Edit(src/**/*.ts)', 'src/a/b/c.ts', true],
  ['Edit(**/*.md)', 'a/b.md', true],
  ['Edit(a)', 'a', true],
  ['Edit(~/other/**)', 'out/other/x', true],
  ['Edit(~/other/**)', '../other/x', true],
  ['Edit(/**)', '/etc/passwd', true],
  ['Write(src/**)', 'src/a', true],
  ['Edit', '/etc/passwd', true],
  ['*', '/etc/passwd', true],
  ['Edit(src/**)', 'src/../a', false],
  ['Edit(src/**)', 'srcx/a', false],
  ['Edit(src/**)', 'a/src/b', false],
  ['Edit(src/**)', 'deep/../../a', false],
  ['Edit(src/**)', '~/src/a', false],
  ['Edit(src/**)', '/src/a', false],
  ['Edit(src/**)', 'SRC/a', false],
  ['Edit(**)', 'out/x', false],
  ['Edit(**)', 'dangling', false],
  ['Edit(**)', '../x', false],
  ['Edit(**)', '/etc/passwd', false],
  ['Edit(out/project/*)', 'out/x', false],
  ['Edit(src/*)', 'src/a/b', false],
  ['Edit(src/?)', 'src/ab', false],
  ['Edit(*.md)', 'a/b.md', false],
  ['Edit(a.b)', 'axb', false],
  ['Edit(a)', 'a/b', false],
  ['Read(src/**)', 'src/a', false],
  ['Bash', 'src/a', false],
]

test.each(paths)('%s and the path %s: %s', (text, file_path, expected) => {
  expect(doesRuleFit(place, text, { tool: 'Edit', input: { file_path } }, 'allow')).toBe(expected)
})

test.each([
  ['mcp__x__*', 'mcp__x__y', true],
  ['mcp__x__y', 'mcp__x__y', true],
  ['mcp__x__*', 'mcp__xy__z', false],
  ['mcp__x__y', 'mcp__x__yz', false],
  ['mcp__x', 'mcp__x__y', true],
  ['mcp__x', 'mcp__xy__z', false],
  ['MCP__X__*', 'mcp__x__Y', true],
  ['Task', 'Agent', true],
  ['agent', 'Task', true],
  ['Agent', 'TaskStop', false],
  ['Task*', 'TaskStop', true],
])('%s and the tool %s: %s', (text, tool, expected) => {
  expect(doesRuleFit(place, text, { tool, input: {} }, 'allow')).toBe(expected)
})

test.each([
  ['WebFetch(domain:*.example.com)', 'https://a.example.com/x', true],
  ['WebFetch(domain:example.com)', 'https://example.com.evil.com', false],
  ['WebFetch(domain:example.com)', 'https://example.com@evil.com', false],
  ['WebFetch(domain:example.com)', 'nothing', false],
  ['WebFetch', 'https://a.example.com', true],
])('%s and %s: %s', (text, url, expected) => {
  expect(doesRuleFit(place, text, { tool: 'WebFetch', input: { url } }, 'allow')).toBe(expected)
})

test.each(['', 'Bash(', 'Bash()', '(a)', 'Bash a', 'Bash(a) b', 'Bsh', 'mcp__x__*(a)', 'Agent(a)'])(
  '%j is no rule',
  (text) => {
    expect(parsePermissionRule(text)).toBeUndefined()
  },
)

test('a rule that forbids a search, a rule that names a change otherwise', () => {
  const grep = { tool: 'Grep', input: { pattern: 'x', path: 'src' } }
  expect(doesRuleFit(place, 'Grep', grep, 'forbid')).toBe(true)
  expect(doesRuleFit(place, 'Glob', grep, 'forbid')).toBe(false)
  expect(doesRuleFit(place, 'MultiEdit', { tool: 'Edit', input: { file_path: 'a' } }, 'forbid')).toBe(true)
  expect(parsePermissionRule('Bash(:*)')).toEqual({ text: 'Bash(:*)', tool: 'bash' })
})

import { forEachChild, parse, type SyntaxNode } from 'unbash'
import { afterAll, describe, expect, test } from 'vitest'
import { parseToolCall } from './call/parse-tool-call.js'
import { linesWithUnknownOptions, linesReadDifferently } from './hostile-lines.test.support.js'
import {
  linesThatSearchPath,
  misleadingOptions,
  linesWithPlainOptions,
} from './hostile-options.test.support.js'
import { decideToolCall } from './rules/preset.js'
import { project, rule } from './project.test.support.js'
import { noPermissionRules } from './rules/rule.js'
import { parseCommandLine } from './shell/parse-command-line.js'

const { place, remove } = project()
afterAll(remove)

const verdict = (command: string) =>
  decideToolCall(
    { preset: 'read-only', rules: noPermissionRules, testCommands: [] },
    parseToolCall('claude', { tool: 'Bash', input: { command } }, place),
    place,
  ).verdict

describe('a hostile line asks', () => {
  test.each([
    ...linesReadDifferently,
    ...linesWithUnknownOptions,
    ...linesThatSearchPath,
    ...misleadingOptions,
  ])('%j', (line) => {
    expect(verdict(line)).toBe('deny')
  })
  test.each(linesReadDifferently.filter((line) => !/^(-|noglob|nocorrect|repeat|\[\[)/.test(line)))(
    '%j is not understood',
    (line) => {
      expect(parseCommandLine(line).opaque).toBeDefined()
    },
  )
})

test.each(linesWithPlainOptions)('%j passes', (line) => {
  expect(verdict(line)).toBe('allow')
})

test('in a folder that may be a repository itself, or is in one, git asks', () => {
  const inner = { ...place, cwd: `${place.cwd}/src/a` }
  const status = parseToolCall('claude', { tool: 'Bash', input: { command: 'git status' } }, inner)
  const policy = { preset: 'read-only', rules: noPermissionRules, testCommands: [] } as const
  for (const [holder, names, expected] of [
    [inner.cwd, ['HEAD', 'objects', 'refs', 'config'], 'deny'],
    [place.cwd, ['head'], 'deny'],
    [place.cwd, ['.git'], 'allow'],
    [place.home, ['HEAD'], 'deny'],
  ] as const) {
    const here = { ...inner, names: (folder: string) => (folder === holder ? names : []) }
    expect(decideToolCall(policy, status, here).verdict).toBe(expected)
  }
})

test('what a here-document hides passes by no rule and by no closed list', () => {
  const command = "cat <<E\n${x:-'$(run)'}\nE"
  const call = parseToolCall('claude', { tool: 'Bash', input: { command } }, place)
  const rules = { ...noPermissionRules, allow: [rule('*'), rule('Bash')], deny: [rule('Bash(run:*)')] }
  for (const preset of ['read-only', 'ask', 'accept-edits', 'full-auto'] as const) {
    const policy = { preset, rules, testCommands: [] }
    expect(decideToolCall(policy, call, place).verdict).not.toBe('allow')
    expect(
      decideToolCall({ ...policy, closed: { by: 'host', allow: [rule('Bash')] } }, call, place).verdict,
    ).toBe('deny')
  }
})

test('the parser (unbash 6.0.4) still takes single quotes in a here-document for quotes; once this fails, it is mended', () => {
  // Bash, dash and zsh run what is in these quotes. `here-documents.ts` does not take any expansion there.
  const found: string[] = []
  const ahead: SyntaxNode[] = [parse("cat <<E\n${x:-'$(run)'}\nE")]
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    found.push(node.type)
    forEachChild(node, (child) => {
      ahead.push(child)
    })
  }
  expect(found).toContain('SingleQuoted')
  expect(found).not.toContain('CommandExpansion')
})

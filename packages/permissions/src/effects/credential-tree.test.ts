import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import { createDiskToolCallContext } from '../places/tool-call-context.js'
import { decideToolCall } from '../rules/preset.js'
import { noPermissionRules } from '../rules/rule.js'
import { isSpecificSearch } from './specific-search.js'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'trees-')))
afterAll(() => {
  rmSync(root, { recursive: true })
})
const cwd = join(root, 'me', 'project')
for (const folder of ['src/deep', 'clean', 'conf', '.git', 'node_modules/a', 'hidden'])
  mkdirSync(join(cwd, folder), { recursive: true })
for (const name of [
  '.env',
  'src/a.ts',
  'src/deep/.env.local',
  'clean/a.ts',
  'clean/.env.example',
  'conf/prod.env',
  '.git/config',
  'node_modules/a/key.pem',
  'hidden/.npmrc',
])
  writeFileSync(join(cwd, name), '')
symlinkSync(join(cwd, 'src'), join(cwd, 'clean', 'link'))
const place = createDiskToolCallContext(cwd, join(root, 'me'))

function judge(tool: string, input: object): string {
  const call = parseToolCall('claude', { tool, input }, place)
  return decideToolCall({ preset: 'read-only', rules: noPermissionRules, testCommands: [] }, call, place)
    .verdict
}

test.each([
  'grep -r . .',
  "grep -r '' .",
  'grep -rn . src',
  "grep -rhE '.*' .",
  "grep -rE 'foo|.' .",
  "grep -rE '(foo)?' .",
  "grep -r 'foo\\|.' .",
  'grep -rv zzzzz .',
  'grep -r -C 100 foo .',
  'grep -rn KEY .',
  'grep -rni password src',
  'grep -r -e foo -e . .',
  "grep -r . . --exclude='*.ts'",
  "grep -r . . --exclude-dir=src --exclude='.env'",
  'grep -r . conf clean',
  'cd src && grep -r .',
  'rg . conf',
  'rg .',
  'rg --hidden . hidden',
  'rg -uu . hidden',
  'find . -type f -exec cat {} +',
  'find src -type f -exec head -5 {} +',
  'find . -type f -print0 | xargs -0 cat',
  "find . -type f -not -name '*.ts' -exec cat {} +",
  'find . -type f -not -name src -exec cat {} +',
  'find . -type f -exec grep . {} +',
])('%s shows a credential', (command) => {
  expect(judge('Bash', { command })).toBe('deny')
})

test.each([
  'grep -rn foo .',
  'grep -rnE "foo\\(|bar\\(" .',
  'grep -rn "TODO" .',
  'grep -rF "a.b.longName" .',
  'grep -rl . .',
  'grep -rc . src',
  'grep -r . clean',
  "grep -r . src --exclude='.env*'",
  "grep -r . . --exclude='*env*' --exclude-dir=.git --exclude='.npmrc' --exclude-dir=node_modules",
  "grep -r . . --include='*.ts'",
  'rg foo',
  'rg . src',
  'rg . hidden',
  "rg . -g '!conf'",
  'rg -t ts .',
  'rg --files',
  'cat src/*',
  'find clean -type f -exec cat {} +',
  "find . -type f -name '*.ts' -exec cat {} +",
  "find . -type f \\( -name '*.ts' -o -name '*.js' \\) -exec cat {} +",
  "find src -type f -not -name '.env*' -exec cat {} +",
  "find . -type f -not -path '*/.git/*' -not -name '*env*' -not -name .npmrc -exec cat {} +",
  'find . -type f -exec wc -l {} +',
  'find . -type f -exec grep -l foo {} +',
  'find . -type f -exec grep -n foo {} +',
])('%s shows none', (command) => {
  expect(judge('Bash', { command })).toBe('allow')
})

test('the search of Claude is judged alike', () => {
  const content = { output_mode: 'content' }
  for (const input of [
    { pattern: '.', ...content },
    { pattern: 'KEY', ...content },
    { pattern: 'foo', '-A': 50, ...content },
    { pattern: '.', path: 'src', ...content },
  ])
    expect([input, judge('Grep', input)]).toEqual([input, 'deny'])
  for (const input of [
    { pattern: '.' },
    { pattern: 'foo', ...content },
    { pattern: '.', path: 'clean', ...content },
    { pattern: '.', glob: '*.ts', ...content },
    { pattern: 'KEY', type: 'ts', ...content },
  ])
    expect([input, judge('Grep', input)]).toEqual([input, 'allow'])
})

test('a pattern is looked at in time that grows with its length', () => {
  expect(isSpecificSearch('('.repeat(100_000))).toBe(false)
  expect(isSpecificSearch('[a'.repeat(200))).toBe(false)
})

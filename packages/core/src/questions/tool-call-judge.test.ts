import type { PermissionPreset } from '@subagent-mcp/contract'
import { parsePermissionRule, type CallerPermissions, type PermissionRule } from '@subagent-mcp/permissions'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createToolCallJudge, type AllowedTestCommands } from './tool-call-judge.js'
import type { ToolCallRuling } from './tool-call-ruling.js'

/** A judge over a real project beside a real home. */
function openCourt(commandsOf: (project: string) => AllowedTestCommands = () => ({})) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'judge-')))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const [project, home] = [join(folder, 'project'), join(folder, 'home')]
  mkdirSync(join(project, 'deep'), { recursive: true })
  mkdirSync(home)
  const judge = createToolCallJudge({ testCommands: commandsOf(project), home })
  const judged = (
    [tool, input]: readonly [string, object],
    rights: CallerPermissions,
    { cwd = project, root = project } = {},
  ): ToolCallRuling => judge({ tool, input }, { provider: 'claude', cwd, project: root, authority: rights })
  return { project, home, judged }
}

type RuleTexts = { deny?: readonly string[]; ask?: readonly string[]; allow?: readonly string[] }

function authority(preset: PermissionPreset, texts: RuleTexts = {}): CallerPermissions {
  const rules = (list: readonly string[] = []): PermissionRule[] =>
    list.flatMap((text) => parsePermissionRule(text) ?? [])
  return { preset, rules: { deny: rules(texts.deny), ask: rules(texts.ask), allow: rules(texts.allow) } }
}

const runs = (command: string) => ['Bash', { command }] as const
const edits = (path: string) => ['Edit', { file_path: path }] as const

test('the tests of a project pass in it, and nowhere else', () => {
  const { project, home, judged } = openCourt((path) => ({ [path]: ['npm test:*'] }))
  const rights = authority('ask')
  const verdictIn = (cwd: string, command = 'npm test -- --run'): string =>
    judged(runs(command), rights, { cwd, root: cwd }).verdict
  expect([project, join(project, 'deep')].map((cwd) => verdictIn(cwd))).toEqual(['allow', 'allow'])
  expect([home, dirname(project), `${project}-2`].map((cwd) => verdictIn(cwd))).toEqual(['ask', 'ask', 'ask'])
  expect(verdictIn(project, 'npm test; npm run deploy')).toBe('ask')
  expect(judged(runs('npm test'), authority('read-only')).verdict).toBe('deny')
})

test('test commands of everywhere, of a folder in the home, and of one behind a link', () => {
  const { project, home, judged } = openCourt((path) => ({
    '*': ['make check'],
    '~/app': ['go test:*'],
    [join(dirname(path), 'link')]: ['npm test'],
  }))
  mkdirSync(join(home, 'app'))
  symlinkSync(project, join(dirname(project), 'link'))
  const verdictOf = (command: string, cwd: string): string =>
    judged(runs(command), authority('ask'), { cwd, root: cwd }).verdict
  expect([verdictOf('make check', project), verdictOf('make check', home)]).toEqual(['allow', 'allow'])
  expect([verdictOf('go test ./...', project), verdictOf('go test ./...', join(home, 'app'))]).toEqual([
    'ask',
    'allow',
  ])
  expect(verdictOf('npm test', project)).toBe('allow')
})

test("a project's tests do not pass in a folder that is said to be of that project", () => {
  const { project, home, judged } = openCourt((path) => ({ [path]: ['npm test'] }))
  expect(judged(runs('npm test'), authority('ask'), { cwd: home, root: project }).verdict).toBe('ask')
})

test('rules are held against the place, and a deny is first', () => {
  const { judged } = openCourt()
  const rights = authority('accept-edits', {
    deny: ['Edit(.env)', 'Read(~/keys/**)'],
    ask: ['Bash(git push:*)'],
    allow: ['Bash(git:*)'],
  })
  expect(judged(edits('src/a.ts'), rights)).toEqual({ verdict: 'allow', by: 'preset accept-edits' })
  expect(judged(edits('deep/../.env'), rights)).toEqual({ verdict: 'deny', by: 'rule Edit(.env)' })
  expect(judged(['Read', { file_path: '~/keys/id' }], rights).verdict).toBe('deny')
  expect(judged(runs('git commit -m x'), rights)).toEqual({ verdict: 'allow', by: 'rule Bash(git:*)' })
  expect(judged(runs('git push'), rights)).toMatchObject({ verdict: 'ask', by: 'rule Bash(git push:*)' })
})

test('where everything of ours is kept, a person must say yes', () => {
  const { home, project, judged } = openCourt()
  const rights = authority('accept-edits')
  expect(judged(['Read', { file_path: join(home, '.subagent-mcp', 'token') }], rights)).toMatchObject({
    humanOnly: true,
  })
  const ownHome = join(dirname(project), 'state')
  const judge = createToolCallJudge({ testCommands: {}, home, ownHome })
  const read = { tool: 'Read', input: { file_path: join(ownHome, 'token') } }
  const agent = { provider: 'claude', cwd: project, project, authority: rights }
  expect(judge(read, agent)).toMatchObject({ verdict: 'ask', humanOnly: true })
  expect(judge(read, { ...agent, authority: authority('read-only') }).verdict).toBe('deny')
})

test('a file that the user names as a secret is a credential whatever it is called', () => {
  const { project, home } = openCourt()
  const folder = join(dirname(project), 'codex-work')
  const judge = createToolCallJudge({ home, secretFiles: [join(folder, 'auth.json')] })
  const agent = { provider: 'claude', cwd: project, project, authority: authority('accept-edits') }
  const decide = (tool: string, input: object) => judge({ tool, input }, agent)
  expect(decide('Read', { file_path: join(folder, 'auth.json') })).toMatchObject({ humanOnly: true })
  expect(decide('Bash', { command: `grep -r x ${folder}` })).toMatchObject({ humanOnly: true })
  expect(decide('Read', { file_path: join(folder, 'config.toml') })).not.toMatchObject({ humanOnly: true })
})

test('a link leads where it leads', () => {
  const { project, home, judged } = openCourt()
  symlinkSync(home, join(project, 'out'))
  symlinkSync(join(project, 'deep'), join(project, 'in'))
  expect(judged(edits('in/a.ts'), authority('accept-edits')).verdict).toBe('allow')
  expect(judged(edits('out/a.ts'), authority('accept-edits')).verdict).toBe('ask')
})

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import { decideToolCall } from '../rules/preset.js'
import { createDiskToolCallContext } from '../places/tool-call-context.js'
import { noPermissionRules } from '../rules/rule.js'

const whole = '[core]\n\tbare = false\n[remote "origin"]\n\turl = ssh://host/a\n'

test.each([
  ['a promisor remote', { '.git/config': `${whole}\tpromisor = true\n` }],
  ['a promisor in the line of its section', { '.git/config': `${whole}[remote "b"] Promisor\n` }],
  ['extensions.partialClone', { '.git/config': `${whole}[extensions]\n\tpartialClone = origin\n` }],
  ['settings from another file', { '.git/config': `${whole}[include]\n\tpath = more\n` }],
  ['settings of a worktree', { '.git/config': whole, '.git/config.worktree': '[remote "o"]\n promisor' }],
  ['a pack whose rest is promised', { '.git/config': whole, '.git/objects/pack/pack-1.promisor': '' }],
  [
    'a worktree of one',
    {
      '.git': 'gitdir: ../main/.git/worktrees/a\n',
      '../main/.git/worktrees/a/commondir': '../..\n',
      '../main/.git/config': `${whole}\tpromisor = true\n`,
    },
  ],
])('what may fetch is no reading: %s', (_, files) => {
  const passes = judgeIn(files)
  for (const line of [
    'git log -p',
    'git show HEAD',
    'git diff HEAD~1',
    'git blame a',
    'git log -3 a',
    'git grep x HEAD',
  ])
    expect([line, passes(line)]).toEqual([line, false])
  for (const line of ['git branch -a', 'git rev-parse HEAD', 'git log --oneline -5', 'git ls-files'])
    expect([line, passes(line)]).toEqual([line, true])
})

test.each([
  ['a repository with all of its objects', { '.git/config': whole, '.git/objects/pack/pack-1.pack': '' }],
  ['no repository', { a: '' }],
  [
    'a worktree of a whole one',
    {
      '.git': 'gitdir: ../main/.git/worktrees/a\n',
      '../main/.git/worktrees/a/commondir': '../..\n',
      '../main/.git/config': whole,
    },
  ],
])('what is there is read: %s', (_, files) => {
  const passes = judgeIn(files)
  for (const line of ['git log -p', 'git show HEAD', 'git diff HEAD~1', 'git blame a'])
    expect([line, passes(line)]).toEqual([line, true])
})

test.each([
  ['https://ghp_abc@github.com/a/b', true],
  ['https://me:pw@host/a', true],
  ['ssh://me:pw@host/a', true],
  ['git@github.com:a/b.git', false],
  ['ssh://git@host/a', false],
  ['https://github.com/a/b', false],
])('the address of a remote is a secret where it has one in it: %s', (url, isSecret) => {
  const passes = judgeIn({ '.git/config': `[remote "origin"]\n\turl = ${url}\n` })
  for (const line of ['git remote -v', 'git remote get-url origin', 'git config --get remote.origin.url'])
    expect([line, passes(line)]).toEqual([line, !isSecret])
  expect([passes('git remote'), passes('git branch -v')]).toEqual([true, true])
})

function judgeIn(files: Readonly<Record<string, string>>): (command: string) => boolean {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'clone-')))
  onTestFinished(() => {
    rmSync(root, { recursive: true })
  })
  const cwd = join(root, 'me', 'project')
  mkdirSync(cwd, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, '..'), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
  const place = createDiskToolCallContext(cwd, join(root, 'me'))
  return (command) => {
    const call = parseToolCall('claude', { tool: 'Bash', input: { command } }, place)
    const authority = { preset: 'read-only', rules: noPermissionRules, testCommands: [] } as const
    return decideToolCall(authority, call, place).verdict === 'allow'
  }
}

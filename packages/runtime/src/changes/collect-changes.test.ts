import { containing, makeTemporaryFolder } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { collectChanges } from './collect-changes.js'

describe('the changes of a folder', () => {
  test('that are not committed: staged, unstaged and new files', async () => {
    const { write, git, changes } = openRepository({ 'a.txt': 'one\n', 'b.txt': 'two\n' })
    write({ 'a.txt': 'ONE\n', 'b.txt': 'TWO\n', 'new.txt': 'three\n' })
    git('add', 'b.txt')
    const text = await changes('uncommitted')
    expect(text).toContain('-one\n+ONE')
    expect(text).toContain('-two\n+TWO')
    expect(text).toContain('diff --git a/new.txt b/new.txt\nnew file, not tracked\n@@ -0,0 +1,1 @@\n+three')
    const staged = await changes('staged')
    expect(staged).toContain('+TWO')
    expect(staged).not.toMatch(/ONE|three/)
  })

  test('of a branch, and of a range: what it has since it left the other', async () => {
    const { write, git, commit, changes } = openRepository({ 'a.txt': 'one\n' })
    git('checkout', '--quiet', '-b', 'topic')
    commit({ 'topic.txt': 'topic\n' })
    git('checkout', '--quiet', 'main')
    commit({ 'later.txt': 'later\n' })
    for (const range of ['main..topic', 'main...topic', '..topic']) {
      const text = await changes(range)
      expect(text).toContain('+topic')
      expect(text).not.toContain('later')
    }
    git('checkout', '--quiet', 'topic')
    write({ 'a.txt': 'open\n' })
    const text = await changes('main')
    expect(text).toContain('+topic')
    expect(text).toContain('+open')
    expect(text).not.toContain('later')
  })

  test('before the first commit are all files', async () => {
    const { write, git, changes } = openRepository()
    write({ 'a.txt': 'one\n', 'b.txt': 'two\n' })
    git('add', 'a.txt')
    expect(await changes('staged')).toContain('+one')
    const all = await changes('uncommitted')
    expect(all).toContain('+one')
    expect(all).toContain('+two')
  })

  test('are those below the folder, by names relative to it', async () => {
    const { root, write, collect } = openRepository({ 'a.txt': 'one\n', 'sub/b.txt': 'two\n' })
    write({ 'a.txt': 'ONE\n', 'sub/b.txt': 'TWO\n', 'sub/c.txt': 'three\n', 'd.txt': 'four\n' })
    const text = await collect('uncommitted', join(root, 'sub'))
    expect(text).toContain('diff --git a/b.txt b/b.txt')
    expect(text).toContain('diff --git a/c.txt b/c.txt')
    expect(text).not.toMatch(/ONE|four/)
  })

  test('name files with odd names, renamed, binary and linked ones', async () => {
    const long = 'the same line\n'.repeat(20)
    const { root, write, git, changes } = openRepository({
      'x y.txt': 'one\n',
      '-p': 'two\n',
      'old.txt': long,
    })
    git('mv', 'old.txt', 'new name.txt')
    write({ 'x y.txt': 'ONE\n', '-p': 'TWO\n', 'line\nbreak': 'three\n', 'é".txt': 'four\n' })
    writeFileSync(join(root, 'picture.png'), Buffer.from([1, 0, 2]))
    symlinkSync('/etc/hostname', join(root, 'link'))
    const text = await changes('uncommitted')
    for (const part of ['+ONE', '+TWO', '+three', '+four', 'rename to new name.txt'])
      expect(text).toContain(part)
    expect(text).toContain('diff --git "a/line\\nbreak" "b/line\\nbreak"')
    expect(text).toContain('a/picture.png b/picture.png\nnew file, not tracked\nBinary file')
    expect(text).toContain('a link to "/etc/hostname"')
    expect(text).not.toContain('Left out')
    git('add', '--all')
    const staged = await changes('staged')
    for (const part of ['+ONE', '+TWO', '+three', '+four']) expect(staged).toContain(part)
    expect(staged).toContain('Binary files /dev/null and b/picture.png differ')
  })
})

describe('the text', () => {
  test('names the files that are too large, and keeps the smaller ones', async () => {
    const { write, changes } = openRepository({ 'a.txt': 'one\n', 'large file.txt': 'x\n' })
    const large = 'long line\n'.repeat(30_000)
    write({ 'a.txt': 'ONE\n', 'large file.txt': large, 'huge.txt': large.repeat(80), 'z.txt': 'two\n' })
    const text = await changes('uncommitted')
    expect(text).toContain('+ONE')
    expect(text).toContain('+two')
    expect(text).not.toContain('long line')
    expect(text).toContain('\n- "large file.txt"\n- huge.txt\n')
    expect(text.length).toBeLessThan(2_000)
  })

  test('has no credentials', async () => {
    const { write, changes } = openRepository({ 'a.txt': 'one\n', 'server.pem': 'old key\n' })
    const token = `ghp_${'a1B2'.repeat(9)}`
    write({ 'a.txt': `token = "${token}"\n`, 'server.pem': 'new key\n', '.env': 'PASSWORD=hush\n' })
    const text = await changes('uncommitted')
    expect(text).not.toMatch(/new key|hush/)
    expect(text).not.toContain(token)
    expect(text).toContain('\n- server.pem\n- .env\n')
  })

  test('is fenced by lines that no file can contain, and shows invisible characters', async () => {
    const { write, changes } = openRepository({ 'a.txt': 'one\n' })
    write({ 'a.txt': '</changes>\nif (x\u202e) \u200b{\r\n' })
    const [first, second] = [await changes('uncommitted'), await changes('uncommitted')]
    const fence = /<(changes-[0-9a-f]{16})>/.exec(first)?.[1] ?? ''
    expect(first.endsWith(`\n</${fence}>`)).toBe(true)
    expect(second).not.toContain(fence)
    expect(first).toContain(String.raw`+if (x\u{202e}) \u{200b}{`)
  })
})

describe('a hostile repository runs nothing', () => {
  test('neither diffs, conversions, filters, monitors, hooks nor transports, and enters no submodule', async () => {
    const { root, marker, write, git, commit, changes } = openRepository({
      'a.txt': 'one\n',
      'b.bin': 'two\n',
    })
    const inner = openRepository({ 'inner.txt': 'one\n' })
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'module')
    commit({ '.gitattributes': '* diff=evil filter=evil\n*.bin filter=a=b.c\n' })
    write({ 'staged.txt': 'four\n' })
    git('add', 'staged.txt')
    const hook = `#!/bin/sh\ntouch '${marker}'\n`
    for (const name of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction'])
      write({ [`.git/hooks/${name}`]: hook })
    for (const name of readdirSync(join(root, '.git/hooks'))) chmodSync(join(root, '.git/hooks', name), 0o755)
    const touch = `touch '${marker}'; cat`
    const settings: [name: string, value: string][] = [
      ['core.fsmonitor', join(root, '.git/hooks/fsmonitor-watchman')],
      ['core.pager', touch],
      ['pager.diff', touch],
      ['diff.external', touch],
      ['diff.evil.command', touch],
      ['diff.evil.textconv', touch],
      ['diff.submodule', 'log'],
      ['diff.ignoreSubmodules', 'none'],
      ['filter.evil.clean', touch],
      ['filter.evil.process', touch],
      ['filter.evil.required', 'true'],
      ['filter.a=b.c.clean', touch],
      ['alias.diff', `!${touch}`],
      ['remote.origin.url', `ext::sh -c "${touch}"`],
      ['remote.origin.promisor', 'true'],
      ['protocol.ext.allow', 'always'],
      ['protocol.allow', 'always'],
    ]
    write({ 'a.txt': 'ONE\n', 'b.bin': 'TWO\n', 'new.txt': 'three\n', 'module/inner.txt': 'changed\n' })
    const module = ['-C', join(root, 'module')]
    for (const [name, value] of settings) {
      git('config', name, value)
      git(...module, 'config', name, value)
    }
    const before = readdirSync(join(root, '.git'))
    for (const query of ['uncommitted', 'staged', 'HEAD~1', 'HEAD~1..HEAD']) {
      const text = await changes(query)
      expect(text).toContain(query.startsWith('HEAD~1..') || query === 'staged' ? 'diff --git' : '+ONE')
      expect(existsSync(marker)).toBe(false)
    }
    expect(readdirSync(join(root, '.git'))).toEqual(before)
    // The same command without protection runs them.
    try {
      git('diff', 'HEAD')
    } catch {
      // Their output is no diff.
    }
    expect(existsSync(marker)).toBe(true)
  })

  test('and cannot name another folder as its work tree', async () => {
    const { root, git, write, changes } = openRepository({ 'a.txt': 'one\n' })
    writeFileSync(join(dirname(root), 'outside.txt'), 'private\n')
    write({ 'a.txt': 'ONE\n' })
    git('config', 'core.worktree', dirname(root))
    const text = await changes('uncommitted')
    expect(text).toContain('+ONE')
    expect(text).not.toContain('private')
  })

  test('and has no filter overlooked among too many', async () => {
    const { root, marker, write, changes } = openRepository({ 'a.txt': 'one\n' })
    const many = Array.from(
      { length: 200_000 },
      (_, index) => `[filter "${'x'.repeat(80)}${index}"]\nclean = y\n`,
    )
    write({ '.gitattributes': '* filter=evil\n', 'a.txt': 'ONE\n' })
    const config = readFileSync(join(root, '.git/config'), 'utf8')
    write({ '.git/config': `${config}${many.join('')}[filter "evil"]\nclean = "touch '${marker}'; cat"\n` })
    await expect(changes('uncommitted')).rejects.toThrow('has too many settings of filters')
    expect(existsSync(marker)).toBe(false)
  })

  test('and fetches no missing object', async () => {
    const { root, marker, git, commit, changes } = openRepository({ 'a.txt': 'one\n' })
    commit({ 'a.txt': 'two\n' })
    const blob = git('rev-parse', 'HEAD~1:a.txt').trim()
    rmSync(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)))
    git('config', 'core.repositoryFormatVersion', '1')
    git('config', 'extensions.partialClone', 'origin')
    git('config', 'remote.origin.url', `ext::sh -c "touch ${marker}"`)
    git('config', 'remote.origin.promisor', 'true')
    git('config', 'protocol.ext.allow', 'always')
    await expect(changes('HEAD~1..HEAD')).rejects.toMatchObject({ code: 'io-failed' })
    expect(existsSync(marker)).toBe(false)
  })
})

describe('no changes can be collected', () => {
  test.each([
    ['uncommitted', 'changes: there are no uncommitted changes in '],
    ['staged', 'changes: there are no staged changes in '],
    ['HEAD', 'changes: there are no changes since HEAD in '],
    ['nowhere', "changes: git knows no revision 'nowhere' here"],
    ['main..nowhere', "changes: git knows no revision 'nowhere' here"],
    ['--output=/tmp/x', "changes: git knows no revision '--output=/tmp/x' here"],
    ['main..-p', "changes: git knows no revision '-p' here"],
  ])('%s: %s', async (query, message) => {
    const { changes } = openRepository({ 'a.txt': 'one\n' })
    await expect(changes(query)).rejects.toMatchObject({
      code: 'invalid-parameter',
      message: containing(message),
      hint: containing('main..topic'),
    })
  })

  test('outside of a repository, and in one that is broken', async () => {
    const { root, collect, changes } = openRepository({ 'a.txt': 'one\n' })
    await expect(collect('uncommitted', dirname(root))).rejects.toMatchObject({
      message: `changes: ${dirname(root)} is not in a git repository`,
    })
    rmSync(join(root, '.git/HEAD'))
    await expect(changes('uncommitted')).rejects.toMatchObject({
      message: containing('cannot be read by git'),
    })
  })
})

type Files = Readonly<Record<string, string>>

/** Creates a git repository with a branch `main`, whose first commit has the files; without files it has no commit. */
function openRepository(files?: Files) {
  const home = makeTemporaryFolder()
  const root = join(home, 'repository')
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home }
  mkdirSync(root)
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@localhost', ...args], {
      ...{ cwd: root, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    })
  const write = (contents: Files): void => {
    for (const [name, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), text)
    }
  }
  const commit = (contents: Files): void => {
    write(contents)
    git('add', '--all')
    git('commit', '--quiet', '--message', 'a step')
  }
  git('init', '--quiet', '--initial-branch', 'main')
  if (files) commit(files)
  const collect = (changes: string, folder: string): Promise<string> =>
    collectChanges({ changes, folder, environment })
  const changes = (query: string): Promise<string> => collect(query, root)
  return { root, marker: join(home, 'marker'), git, write, commit, collect, changes }
}

import { containing, thorough } from '@subagent-mcp/testkit'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesBelow, openTestRepository, repositoryStateOf } from './repositories.test.support.js'

describe('a worktree', () => {
  test('has what the user sees, and gives it back changed, without a trace in his repository', async () => {
    const repository = openTestRepository({
      'a.txt': 'one\n',
      'sub/b.txt': 'two\n',
      'gone.txt': 'x\n',
      '.gitignore': 'cache/\n.env\n',
    })
    const { root, write, git, gitIn, store, create } = repository
    write({ 'a.txt': 'ONE\r\n', 'new é.txt': Buffer.from([0, 255, 13, 10]), '.env': 'A=1\n', 'cache/x': 'y' })
    write({ 'sub/staged.txt': 'staged\n' })
    git('add', 'sub/staged.txt')
    rmSync(join(root, 'gone.txt'))
    chmodSync(join(root, 'sub/b.txt'), 0o755)
    symlinkSync('a.txt', join(root, 'link'))
    mkdirSync(join(root, 'empty'))
    const [before, seen] = [repositoryStateOf(root, gitIn), filesBelow(root)]
    const worktree = await create('one', join(root, 'sub'), ['.env'])
    const { 'cache/x': _, ...expected } = seen
    expect(filesBelow(worktree.root)).toEqual(expected)
    expect(worktree).toMatchObject({
      folder: join(worktree.root, 'sub'),
      source: root,
      left: ['empty/ (an empty folder)'],
    })
    expect(await store.changes('one')).toMatchObject({ files: [], patch: '', left: [] })
    expect(gitIn(worktree.root, 'status', '--porcelain')).toBe('')
    write({ 'a.txt': 'ONE\r\ntwo\n', 'sub/deep/new.txt': 'new\n' }, worktree.root)
    rmSync(join(worktree.root, 'link'))
    const changes = await store.changes('one')
    expect(changes.files).toEqual([
      { path: 'a.txt', status: 'modified', added: 1, removed: 0 },
      { path: 'link', status: 'deleted', added: 0, removed: 1 },
      { path: 'sub/deep/new.txt', status: 'added', added: 1, removed: 0 },
    ])
    expect(changes.patch).toContain('+two')
    expect([repositoryStateOf(root, gitIn), filesBelow(root)]).toEqual([before, seen])
    expect(await store.apply('one')).toEqual({ type: 'applied', files: changes.files, baseMoved: false })
    const { link: __, ...kept } = seen
    expect(filesBelow(root)).toEqual({ ...kept, 'a.txt': 'ONE\r\ntwo\n', 'sub/deep/new.txt': 'new\n' })
    expect({ ...repositoryStateOf(root, gitIn), status: '' }).toEqual({ ...before, status: '' })
    expect(await store.changes('one')).toMatchObject({ files: [], tree: changes.tree })
    await store.discard('one')
    expect(await store.list()).toEqual([])
  })

  test('is merged with what the user changed meanwhile, or not at all', async () => {
    const lines = (...changed: string[]): string =>
      Array.from({ length: 9 }, (_, index) => `${changed[index] ?? index}\n`).join('')
    const { root, write, store, create } = openTestRepository({
      'a.txt': lines(),
      'b.txt': 'b\n',
      '.gitignore': 'ignored\n',
    })
    const { root: copy } = await create()
    write(
      { 'a.txt': lines('agent'), 'b.txt': 'agent\n', 'c.txt': 'agent\n', 'd/e': 'agent\n', ignored2: 'x\n' },
      copy,
    )
    write({
      'a.txt': lines('0', '1', '2', '3', '4', '5', '6', 'user'),
      'b.txt': 'user\n',
      'c.txt': 'user\n',
      d: 'user\n',
    })
    const before = filesBelow(root)
    expect(await store.apply('one')).toEqual({
      type: 'conflicts',
      conflicts: [
        { path: 'c.txt', reason: 'both sides added it, with different content' },
        { path: 'b.txt', reason: 'both sides changed the same lines' },
        { path: 'd/e', reason: 'd is not a folder' },
      ],
    })
    expect(filesBelow(root)).toEqual(before)
    write({ 'b.txt': 'b\n' })
    rmSync(join(root, 'c.txt'))
    rmSync(join(root, 'd'))
    expect(await store.apply('one')).toMatchObject({ type: 'applied', baseMoved: true })
    expect(filesBelow(root)).toMatchObject({
      'a.txt': lines('agent', '1', '2', '3', '4', '5', '6', 'user'),
      'b.txt': 'agent\n',
      'd/e': 'agent\n',
    })
    write({ 'a.txt': lines('agent', 'again') }, copy)
    expect((await store.changes('one')).files).toEqual([
      { path: 'a.txt', status: 'modified', added: 1, removed: 1 },
    ])
    expect(await store.apply('one')).toMatchObject({ type: 'applied', baseMoved: true })
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe(
      lines('agent', 'again', '2', '3', '4', '5', '6', 'user'),
    )
  })

  test('becomes a branch of one commit, with the line ends of the repository', thorough, async () => {
    const repository = openTestRepository({ 'a.txt': 'one\n', 'b.txt': 'two\n' })
    const { root, write, git, gitIn, store, create } = repository
    git('config', 'core.autocrlf', 'true')
    rmSync(join(root, 'a.txt'))
    git('checkout', '--', 'a.txt')
    write({ 'b.txt': 'TWO\n' })
    const { root: copy } = await create()
    expect(readFileSync(join(copy, 'a.txt'), 'utf8')).toBe('one\r\n')
    write({ 'a.txt': 'one\r\nmore\r\n' }, copy)
    const before = repositoryStateOf(root, gitIn)
    const { commit } = await store.branch('one', 'topic')
    expect(git('rev-list', 'main..topic').trim()).toBe(commit)
    expect(git('diff', '--numstat', 'main', 'topic')).toBe('1\t0\ta.txt\n')
    expect({ ...repositoryStateOf(root, gitIn), refs: '' }).toEqual({ ...before, refs: '' })
    await expect(store.branch('one', 'topic')).rejects.toMatchObject({ message: 'branch: topic exists' })
    write({ 'b.txt': 'THREE\n' }, copy)
    await store.branch('one', 'second')
    expect(git('log', '--format=%s', 'main..second')).toMatch(/^Changes of agent one\nThe files of /)
    expect(await store.tidy({ inUse: () => false, maxAgeMs: 1e9, now: Date.now() })).toMatchObject({
      removed: ['one'],
    })
  })

  test('survives the loss of what the repository had', thorough, async () => {
    const { root, write, git, store, create } = openTestRepository({ 'a.txt': 'one\n' })
    const { root: copy } = await create()
    writeFileSync(join(copy, 'b.txt'), 'agent\n')
    write({ 'c.txt': 'other\n' })
    git('add', '--all')
    git('commit', '--quiet', '--amend', '--message', 'other')
    git('reflog', 'expire', '--expire=now', '--all')
    git('gc', '--quiet', '--prune=now')
    expect(await store.apply('one')).toMatchObject({ type: 'applied' })
    expect(filesBelow(root)).toEqual({ 'a.txt': 'one\n', 'b.txt': 'agent\n', 'c.txt': 'other\n' })
    expect((await store.list()).map(({ id, state }) => [id, state])).toEqual([['one', 'unchanged']])
  })

  test('with work is kept, and packed when it is old', thorough, async () => {
    const { home, write, gitIn, store, create } = openTestRepository({ 'a.txt': 'one\n' })
    for (const id of ['clean', 'used', 'changed', 'stashed', 'named']) await create(id)
    const copy = async (id: string): Promise<string> => (await store.find(id))?.root ?? ''
    write({ 'a.txt': 'work\n' }, await copy('changed'))
    write({ 'a.txt': 'work\n' }, await copy('stashed'))
    gitIn(await copy('stashed'), 'stash')
    // Git refuses these names.
    write({ 'git~1': 'work\n', 'sub/.GIT': 'work\n' }, await copy('named'))
    expect((await store.changes('named')).left).toEqual([
      'git~1 (git keeps no file with this name)',
      'sub/.GIT (git keeps no file with this name)',
    ])
    const tidy = (maxAgeMs: number, now: number) =>
      store.tidy({ inUse: (id) => id === 'used', maxAgeMs, now })
    expect(await tidy(1e6, Date.now())).toEqual({
      removed: ['clean'],
      packed: [],
      kept: ['changed', 'named', 'stashed', 'used'],
      failed: [],
    })
    const { packed, kept } = await tidy(1e6, Date.now() + 1e7)
    expect([packed.map(({ id }) => id), kept]).toEqual([['changed'], ['named', 'stashed', 'used']])
    expect(await store.list()).toMatchObject([
      { id: 'named', state: 'changed' },
      { id: 'stashed', state: 'changed' },
      { id: 'used', state: 'unchanged' },
      { id: 'changed', state: 'packed' },
    ])
    gitIn(home, 'clone', '--quiet', '--branch', 'changes', packed[0]?.bundle ?? '', 'unpacked')
    expect(filesBelow(join(home, 'unpacked'))).toEqual({ 'a.txt': 'work\n' })
    await expect(store.changes('changed')).rejects.toMatchObject({
      message: 'there is no worktree "changed"',
    })
  })

  test('is refused with the reason', async () => {
    const { home, root, git, gitIn, create } = openTestRepository({ 'a.txt': 'one\n' })
    await create()
    await expect(create()).rejects.toMatchObject({ code: 'invalid-parameter' })
    await expect(create('../x')).rejects.toMatchObject({ code: 'invalid-parameter' })
    await expect(create('two', home)).rejects.toMatchObject({
      message: containing('is not in a git repository'),
    })
    await expect(create('two', join(root, '.git'))).rejects.toMatchObject({
      message: containing('is in the folder of a git'),
    })
    git('clone', '--quiet', '--bare', root, join(home, 'bare'))
    await expect(create('two', join(home, 'bare'))).rejects.toMatchObject({
      code: 'not-supported',
      message: containing('bare'),
    })
    gitIn(home, 'init', '--quiet', 'empty')
    expect((await create('three', join(home, 'empty'))).left).toEqual([])
    const big = join(root, 'big.bin')
    writeFileSync(big, '')
    truncateSync(big, 3 * 2 ** 30)
    await expect(create('two')).rejects.toMatchObject({
      code: 'not-supported',
      message: containing('have 3.0 GB in all, and a copy takes 2.0 GB at most; the largest is big.bin'),
    })
    rmSync(big)
  })
})

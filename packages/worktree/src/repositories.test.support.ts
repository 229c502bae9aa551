import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openWorktreeStore } from './open-worktree-store.js'
import type { Worktree } from './worktree-store.js'

export type Files = Readonly<Record<string, string | Buffer>>

/** Settings by which the test's own git runs nothing that a repository configures. */
const quiet = [
  ...['user.name=me', 'user.email=me@localhost', 'core.hooksPath=/dev/null', 'core.fsmonitor=false'],
  ...['filter.mark.clean=', 'filter.mark.smudge=', 'filter.lfs.clean=', 'filter.lfs.smudge='],
].flatMap((setting) => ['-c', setting])

/** A temporary home with a git repository `repository`, and a store of worktrees beside it. */
export type TestRepository = ReturnType<typeof openTestRepository>

/** Creates a git repository with a branch `main`, whose first commit has the files; without files it has no commit. */
export function openTestRepository(files?: Files) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'worktree-')))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const root = join(home, 'repository')
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home }
  const git = (...args: string[]): string => gitIn(root, ...args)
  const gitIn = (cwd: string, ...args: string[]): string =>
    execFileSync('git', [...quiet, ...args], {
      ...{ cwd, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    })
  const write = (contents: Files, folder = root): void => {
    for (const [name, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
  }
  const commit = (contents: Files): void => {
    write(contents)
    git('add', '--all')
    git('commit', '--quiet', '--message', 'a step')
  }
  mkdirSync(root)
  git('init', '--quiet', '--initial-branch', 'main')
  if (files) commit(files)
  const folder = join(home, 'worktrees')
  const store = openWorktreeStore({ folder, environment })
  const create = (id = 'one', cwd = root, include: readonly string[] = []): Promise<Worktree> =>
    store.create({ id, cwd, environment, include })
  return { home, root, environment, git, gitIn, write, commit, store, folder, create }
}

/** The files below a folder without those of git: each path with its mode and content, and links with their targets. */
export function filesBelow(folder: string, below = ''): Record<string, string> {
  const entries = readdirSync(join(folder, below), { withFileTypes: true }).flatMap(
    (entry): [string, string][] => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.name === '.git') return []
      if (entry.isDirectory())
        return existsSync(join(folder, path, '.git')) ? [] : Object.entries(filesBelow(folder, path))
      if (entry.isSymbolicLink()) return [[path, `link ${readlinkSync(join(folder, path))}`]]
      const executable = (lstatSync(join(folder, path)).mode & 0o100) !== 0
      return [[path, `${executable ? 'x ' : ''}${readFileSync(join(folder, path)).toString('latin1')}`]]
    },
  )
  return Object.fromEntries<string>(entries)
}

/** What a user sees of his repository: the status, refs, settings, index bytes, reflog, and the names in the git folder. */
export function repositoryStateOf(cwd: string, git: TestRepository['gitIn']): Record<string, string> {
  const asked = ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir']
  const [folder = '', common = ''] = git(cwd, ...asked).split('\n')
  const text = (path: string): string => (existsSync(path) ? readFileSync(path).toString('latin1') : '')
  return {
    index: text(join(folder, 'index')),
    config: text(join(common, 'config')),
    head: text(join(folder, 'HEAD')),
    reflog: text(join(folder, 'logs/HEAD')),
    names: [folder, common, join(common, 'info')]
      .flatMap((path) => readdirSync(path))
      .toSorted()
      .join(' '),
    refs: git(cwd, 'for-each-ref'),
    status: git(cwd, '--no-optional-locks', 'status', '--porcelain=v2', '--branch'),
  }
}

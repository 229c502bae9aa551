import { temporaryHome } from '@subagent-mcp/testkit'
import { openWorktreeStore } from '@subagent-mcp/worktree'
import { execa } from 'execa'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quantile, type Figure, type RunLength } from '../figure.js'
import { millisecondsOf } from '../timed.js'

/** The number of files that an agent changes. */
const changed = 100

/**
 * Time to make a worktree of a repository of 50,000 files (5,000 in a short run) and to apply 100 changed files. Floors:
 * `git clone --shared`, and `git apply` of the same changes, which neither merges nor can be undone.
 */
export async function worktreeTime(length: RunLength): Promise<Figure[]> {
  const [files, rounds] = length === 'short' ? [5_000, 3] : [50_000, 5]
  const home = temporaryHome({ modelUrl: 'http://127.0.0.1:9' })
  const { cwd, environment } = home
  const git = (...args: readonly string[]) => execa('git', args, { cwd, env: environment, extendEnv: false })
  await makeRepository({ cwd, files, git })
  const store = openWorktreeStore({ folder: join(home.home, 'worktrees'), environment })
  const times = {
    make: Array<number>(),
    clone: Array<number>(),
    ours: Array<number>(),
    apply: Array<number>(),
  }
  for (let round = 0; round < rounds; round += 1) {
    const [id, clone, patch] = [`agent-${round}`, join(home.home, 'clone'), join(home.home, 'patch')]
    times.clone.push(await millisecondsOf(() => git('clone', '--quiet', '--shared', cwd, clone)))
    times.make.push(await millisecondsOf(() => store.create({ id, cwd, environment })))
    const root = (await store.find(id))?.root ?? ''
    for (let file = 0; file < changed; file += 1)
      writeFileSync(join(root, nameOf(file)), `changed ${round}\n`)
    writeFileSync(patch, (await store.changes(id)).patch)
    times.apply.push(await millisecondsOf(() => git('apply', patch)))
    await git('checkout', '--quiet', '--', '.')
    times.ours.push(await millisecondsOf(() => store.apply(id)))
    await git('checkout', '--quiet', '--', '.')
    await store.discard(id)
    rmSync(clone, { recursive: true })
  }
  home.remove()
  const shared = { unit: 'ms' as const, n: rounds }
  return [
    {
      ...{ ...shared, name: `make a worktree, ${files} files`, ours: quantile(times.make) },
      floor: { name: 'git clone --shared', value: quantile(times.clone) },
      limit: { type: 'ratio', most: 2 },
    },
    {
      ...{ ...shared, name: `apply ${changed} changed files of ${files}`, ours: quantile(times.ours) },
      floor: { name: 'git apply', value: quantile(times.apply) },
      note: 'ours compares all files of both folders, merges, and can be undone',
    },
  ]
}

function nameOf(file: number): string {
  return `d${file % 100}/f${file}.txt`
}

async function makeRepository(options: {
  cwd: string
  files: number
  git: (...args: readonly string[]) => Promise<unknown>
}): Promise<void> {
  const { cwd, files, git } = options
  for (let folder = 0; folder < 100; folder += 1) mkdirSync(join(cwd, `d${folder}`))
  for (let file = 0; file < files; file += 1)
    writeFileSync(join(cwd, nameOf(file)), `line of ${file}\n`.repeat(80))
  await git('init', '--quiet')
  await git('add', '--all')
  await git('-c', 'user.name=me', '-c', 'user.email=me@localhost', 'commit', '--quiet', '--message', 'files')
  await git('repack', '-adq')
}

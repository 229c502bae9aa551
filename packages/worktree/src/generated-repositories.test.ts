import { thorough } from '@subagent-mcp/testkit'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  randomNumbersOf,
  change,
  generateRepository,
  type GeneratedRepository,
} from './generated-repository.test.support.js'
import { filesBelow, repositoryStateOf } from './repositories.test.support.js'

/** Each group has five repositories. CI runs one of the groups, the soak all. */
const all = Array.from({ length: 40 }, (_, group) => group)
const groups = process.env['SOAK'] === undefined ? [Date.now() % all.length] : all
const perGroup = 5

test.each(groups)(
  'generated repositories are copied and changed byte for byte, and run nothing: group %i',
  thorough,
  async (group) => {
    for (let seed = group * perGroup; seed < (group + 1) * perGroup; seed += 1) await check(seed)
  },
)

async function check(seed: number): Promise<void> {
  const chance = randomNumbersOf(seed)
  const repository = generateRepository(chance)
  const { checkout, gitIn, store, home } = repository
  const [before, seen] = [repositoryStateOf(checkout, gitIn), visible(repository)]
  const { root: copy, left } = await repository.create('one', checkout)
  expect(filesBelow(copy), `the copy, seed ${seed}`).toEqual(seen)
  // Files that were deleted or moved left empty folders too.
  const lines = left.filter((line) => !/^sub\/.*empty/.test(line))
  expect(lines.toSorted(), `left out, seed ${seed}`).toEqual(repository.left.toSorted())
  change(copy, chance, 8)
  const { tree, files } = await store.changes('one')
  expect(visible(repository), `the checkout, seed ${seed}`).toEqual(seen)
  expect(repositoryStateOf(checkout, gitIn), `the repository, seed ${seed}`).toEqual(before)
  const outcome = await store.apply('one')
  expect(outcome, `the apply, seed ${seed}`).toEqual({ type: 'applied', files, baseMoved: false })
  expect(visible(repository), `the applied files, seed ${seed}`).toEqual(filesBelow(copy))
  const { status: _, ...state } = before
  expect(repositoryStateOf(checkout, gitIn), `the repository after the apply, seed ${seed}`).toMatchObject(
    state,
  )
  expect(await store.changes('one'), `the new base, seed ${seed}`).toMatchObject({ tree, files: [] })
  for (const folder of [copy, join(home, 'worktrees/one/private.git')])
    expect(gitIn(folder, 'fsck', '--no-dangling', '--no-progress'), `fsck, seed ${seed}`).toBe('')
  const inner = await repository.create('two', copy)
  await store.discard('one')
  expect(filesBelow(inner.root), `a worktree of a worktree, seed ${seed}`).toEqual(visible(repository))
  expect(gitIn(inner.root, 'fsck', '--no-dangling', '--no-progress'), `its fsck, seed ${seed}`).toBe('')
  expect(await store.changes('two')).toMatchObject({ files: [] })
  expect(existsSync(repository.marker), `a mark, seed ${seed}`).toBe(false)
  rmSync(home, { recursive: true })
}

/** The files of the checkout that are not ignored. */
function visible({ checkout }: GeneratedRepository): Record<string, string> {
  const entries = Object.entries(filesBelow(checkout))
  return Object.fromEntries(
    entries.filter(([path]) => !path.startsWith('ignored/') && !path.endsWith('.log')),
  )
}

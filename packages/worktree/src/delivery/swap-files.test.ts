import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readFileStamp, swapFiles, undoFileSwap } from './swap-files.js'

/** A checkout with `a.txt` and `sub/b.txt`, an empty folder outside of it, and new versions of both files and of `sub/new.txt`. */
function openSwap() {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'swap-')))
  onTestFinished(() => rmSync(base, { recursive: true }))
  const [root, outside] = [join(base, 'checkout'), join(base, 'outside')]
  const staging = join(root, 'staging')
  for (const folder of [outside, join(root, 'sub'), join(staging, 'new/sub')])
    mkdirSync(folder, { recursive: true })
  const paths = ['a.txt', 'sub/b.txt', 'sub/new.txt']
  for (const path of paths.slice(0, 2)) writeFileSync(join(root, path), 'old')
  for (const path of paths) writeFileSync(join(staging, 'new', path), 'new')
  const files = paths.map((path) => ({ path, before: readFileStamp(join(root, path)), isDeleted: false }))
  const swap = { journal: join(base, 'swap.json'), root, staging, next: '', files }
  /** Puts a link to the folder outside in place of `sub`, which keeps its files under another name. */
  const link = (): void => {
    renameSync(join(root, 'sub'), join(root, 'moved'))
    symlinkSync(outside, join(root, 'sub'), 'junction')
  }
  return { root, outside, swap, link }
}

test('a link that comes in place of a folder leads no file out of the checkout', async () => {
  const { root, outside, swap, link } = openSwap()
  link()
  const swapped = swapFiles(swap, () => undefined)
  await expect(swapped).rejects.toThrow('sub/b.txt was changed while the changes were applied')
  expect(readdirSync(outside)).toEqual([])
  expect(['a.txt', 'moved/b.txt'].map((path) => readFileSync(join(root, path), 'utf8'))).toEqual([
    'old',
    'old',
  ])
})

test('nor does it while a swap is taken back', async () => {
  const { root, outside, swap, link } = openSwap()
  let kept: readonly string[] = []
  const swapped = swapFiles(swap, () => {
    link()
    kept = undoFileSwap(swap.journal)
    throw new Error('taken back')
  })
  await expect(swapped).rejects.toThrow('taken back')
  expect(kept).toEqual(['sub/b.txt', 'sub/new.txt'])
  expect(readdirSync(outside)).toEqual([])
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('old')
})

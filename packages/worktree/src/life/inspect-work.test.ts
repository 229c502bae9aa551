import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestRepository } from '../repositories.test.support.js'

test('the work in a worktree and in a kept state is inspected alike', async () => {
  const { root, write, store, create, environment } = openTestRepository({
    'sub/a.txt': 'one\n',
    'image.bin': Buffer.from([0, 1]),
    '.gitignore': 'installed/\n',
  })
  write({ 'sub/open.txt': 'not committed\n', 'installed/x': 'x' })
  const worktree = await create('one', join(root, 'sub'), ['installed/**'])
  await store.states.keep({ id: 'two', cwd: join(root, 'sub'), environment })
  for (const [id, place] of [
    ['one', worktree.root],
    ['two', root],
  ] as const) {
    write({ 'sub/a.txt': 'ONE\n' }, place)
    const work = store.inspect(id)
    if (!work) throw new Error(`${id} is not found`)
    expect(await work.place()).toEqual({ root: place, folder: 'sub' })
    const { base, now } = await work.trees()
    expect(await work.changed(base, now)).toEqual(['sub/a.txt'])
    expect(await work.diff(base, now)).toContain('-one\n+ONE')
    expect(await work.text(base, 'sub/a.txt')).toBe('one\n')
    expect(await work.text(now, 'sub/a.txt')).toBe('ONE\n')
    expect(await work.text(now, 'image.bin')).toBeUndefined()
    expect(await work.text(now, 'missing.txt')).toBeUndefined()
    const copy = await work.checkOut(base)
    expect(readFileSync(join(copy, 'a.txt'), 'utf8')).toBe('one\n')
    expect(readFileSync(join(copy, 'open.txt'), 'utf8')).toBe('not committed\n')
    expect(readlinkSync(join(copy, '../installed'))).toBe(join(place, 'installed'))
    await work.removeCheckout()
    expect(existsSync(copy)).toBe(false)
    expect(readFileSync(join(place, 'installed/x'), 'utf8')).toBe('x')
  }
  expect(store.inspect('three')).toBeUndefined()
})

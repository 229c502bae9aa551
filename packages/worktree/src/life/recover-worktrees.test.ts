import { thorough } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestRepository } from '../repositories.test.support.js'

test('a damaged worktree does not hinder the recovery of the others', thorough, async () => {
  const { root, folder, create, store, write } = openTestRepository({ 'a.txt': 'one\n' })
  const { root: copy } = await create('whole')
  for (const id of ['record', 'journal']) await create(id)
  writeFileSync(join(folder, 'record/record.json'), '{')
  writeFileSync(join(folder, 'journal/swap.json'), '{}')
  // What a killed process leaves; no process has this id.
  mkdirSync(join(folder, '.making.half.4194305'))
  mkdirSync(join(root, '.subagent-mcp-apply-whole/new'), { recursive: true })
  expect(await store.recover()).toEqual({ removed: ['half'], undone: [] })
  expect(existsSync(join(root, '.subagent-mcp-apply-whole'))).toBe(false)
  expect((await store.list()).map(({ id, state }) => `${id} ${state}`)).toEqual([
    'journal damaged',
    'record damaged',
    'whole unchanged',
  ])
  await expect(store.apply('journal')).rejects.toMatchObject({ code: 'config-unreadable' })
  write({ 'b.txt': 'new\n' }, copy)
  expect(await store.apply('whole')).toMatchObject({ type: 'applied' })
})

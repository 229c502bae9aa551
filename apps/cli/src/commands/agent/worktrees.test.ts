import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { changesCommand } from './changes.js'
import { worktreesCommand } from './worktrees.js'

test('without worktrees the list is empty, and says how to get one', async () => {
  const context = await startTestContext()
  expect(await worktreesCommand.run([], context)).toBe(0)
  expect(context.terminal.said.stderr).toContain('no worktrees; to launch an agent in one')
})

test('one action at a time', () => {
  for (const args of [
    ['a1', '--apply', '--discard'],
    ['a1', '--branch', 'x', '--stat'],
  ])
    expect(() => changesCommand.read(args)).toThrow(/cannot be combined/)
})

test('changes that cannot be read are an error that names the next step', async () => {
  const context = await startTestContext()
  const { id } = await context.launched()
  await expect(changesCommand.run([id], context)).rejects.toMatchObject({ code: 'not-supported' })
})

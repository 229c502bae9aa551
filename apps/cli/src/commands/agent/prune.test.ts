import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { pruneCommand } from './prune.js'

test('those that ended long ago, and no other', async () => {
  const context = await startTestContext()
  const [old, young] = [await context.launched(), await context.launched()]
  await context.launched()
  await context.client.kill(old.id)
  context.clock.advance(60_000)
  await context.client.kill(young.id)
  expect(await pruneCommand.run(['--older-than', '60s', '--yes', '--json'], context)).toBe(0)
  expect(JSON.parse(context.terminal.said.stdout)).toEqual({ removed: ['a1'] })
  context.clock.advance(1)
  context.terminal.said.stdout = ''
  await pruneCommand.run(['--all', '--yes'], context)
  expect(context.terminal.said.stdout).toBe('deleted 1 agent\n')
  expect(await context.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('it asks first', async () => {
  const context = await startTestContext()
  const { id } = await context.launched()
  await context.client.kill(id)
  context.clock.advance(1)
  await expect(pruneCommand.run(['--all'], context)).rejects.toMatchObject({
    code: 'unknown-parameter',
    hint: 'subagent-mcp prune --yes does not ask',
  })
  context.terminal.widen({ columns: 80, rows: 24 })
  context.terminal.type('', 'yes')
  expect(await pruneCommand.run(['--all'], context)).toBe(1)
  expect(await context.client.agents()).toHaveLength(1)
  expect(await pruneCommand.run(['--all'], context)).toBe(0)
  expect(context.terminal.said).toEqual({
    stdout: 'deleted 1 agent\n',
    stderr:
      'delete 1 ended agent and their transcripts? [y/N] nothing was deleted\n' +
      'delete 1 ended agent and their transcripts? [y/N] ',
  })
})

test('there may be nothing to forget', async () => {
  const context = await startTestContext()
  expect(await pruneCommand.run(['--all'], context)).toBe(0)
  expect(context.terminal.said.stdout).toBe('deleted 0 agents\n')
})

test('an agent that is done may live on: it says when that ends', async () => {
  const context = await startTestContext()
  const { session } = await context.launched()
  await context.launched()
  session.finish()
  await expect.poll(() => context.client.agents()).toMatchObject([{ status: 'finished' }, {}])
  expect(await pruneCommand.run(['--all'], context)).toBe(0)
  expect(context.terminal.said).toEqual({
    stdout: 'deleted 0 agents\n',
    stderr: '1 finished agent is still alive: it ends after a while idle, or by subagent-mcp kill\n',
  })
})

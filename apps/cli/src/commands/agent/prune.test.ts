import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { pruneCommand } from './prune.js'

test('those that ended long ago, and no other', async () => {
  const desk = await startTestContext()
  const [old, young] = [await desk.launched(), await desk.launched()]
  await desk.launched()
  await desk.client.kill(old.id)
  desk.clock.advance(60_000)
  await desk.client.kill(young.id)
  expect(await pruneCommand.run(['--older-than', '60s', '--yes', '--json'], desk)).toBe(0)
  expect(JSON.parse(desk.terminal.said.stdout)).toEqual({ removed: ['a1'] })
  desk.clock.advance(1)
  desk.terminal.said.stdout = ''
  await pruneCommand.run(['--all', '--yes'], desk)
  expect(desk.terminal.said.stdout).toBe('deleted 1 agent\n')
  expect(await desk.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('it asks first', async () => {
  const desk = await startTestContext()
  const { id } = await desk.launched()
  await desk.client.kill(id)
  desk.clock.advance(1)
  await expect(pruneCommand.run(['--all'], desk)).rejects.toMatchObject({
    code: 'unknown-parameter',
    hint: 'subagent-mcp prune --yes does not ask',
  })
  desk.terminal.widen({ columns: 80, rows: 24 })
  desk.terminal.type('', 'yes')
  expect(await pruneCommand.run(['--all'], desk)).toBe(1)
  expect(await desk.client.agents()).toHaveLength(1)
  expect(await pruneCommand.run(['--all'], desk)).toBe(0)
  expect(desk.terminal.said).toEqual({
    stdout: 'deleted 1 agent\n',
    stderr:
      'delete 1 ended agent and their transcripts? [y/N] nothing was deleted\n' +
      'delete 1 ended agent and their transcripts? [y/N] ',
  })
})

test('there may be nothing to forget', async () => {
  const desk = await startTestContext()
  expect(await pruneCommand.run(['--all'], desk)).toBe(0)
  expect(desk.terminal.said.stdout).toBe('deleted 0 agents\n')
})

test('an agent that is done may live on: it says when that ends', async () => {
  const desk = await startTestContext()
  const { session } = await desk.launched()
  await desk.launched()
  session.finish()
  await expect.poll(() => desk.client.agents()).toMatchObject([{ status: 'finished' }, {}])
  expect(await pruneCommand.run(['--all'], desk)).toBe(0)
  expect(desk.terminal.said).toEqual({
    stdout: 'deleted 0 agents\n',
    stderr: '1 finished agent is still alive: it ends after a while idle, or by subagent-mcp kill\n',
  })
})

import { readArgs } from '../../command/read-args.js'
import { expect, test } from 'vitest'
import { startHandDesk } from '../../terminal/context.test.support.js'
import { forgetAgents, pruneSpec } from './prune.js'

test('those that ended long ago, and no other', async () => {
  const desk = await startHandDesk()
  const [old, young] = [await desk.launched(), await desk.launched()]
  await desk.launched()
  await desk.client.kill(old.id)
  desk.clock.advance(60_000)
  await desk.client.kill(young.id)
  expect(await forgetAgents(readArgs(pruneSpec, ['--older-than', '60s', '--yes', '--json']), desk)).toBe(0)
  expect(JSON.parse(desk.terminal.said.stdout)).toEqual({ removed: ['a1'] })
  desk.clock.advance(1)
  desk.terminal.said.stdout = ''
  await forgetAgents(readArgs(pruneSpec, ['--all', '--yes']), desk)
  expect(desk.terminal.said.stdout).toBe('forgot 1 agent\n')
  expect(await desk.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('it asks first', async () => {
  const desk = await startHandDesk()
  const { id } = await desk.launched()
  await desk.client.kill(id)
  desk.clock.advance(1)
  await expect(forgetAgents(readArgs(pruneSpec, ['--all']), desk)).rejects.toMatchObject({
    code: 'unknown-parameter',
    hint: 'subagent-mcp prune --yes does not ask',
  })
  desk.terminal.widen({ columns: 80, rows: 24 })
  desk.terminal.type('', 'yes')
  expect(await forgetAgents(readArgs(pruneSpec, ['--all']), desk)).toBe(1)
  expect(await desk.client.agents()).toHaveLength(1)
  expect(await forgetAgents(readArgs(pruneSpec, ['--all']), desk)).toBe(0)
  expect(desk.terminal.said).toEqual({
    stdout: 'forgot 1 agent\n',
    stderr:
      'forget 1 ended agent, and what was said? [y/N] nothing was forgotten\n' +
      'forget 1 ended agent, and what was said? [y/N] ',
  })
})

test('there may be nothing to forget', async () => {
  const desk = await startHandDesk()
  expect(await forgetAgents(readArgs(pruneSpec, ['--all']), desk)).toBe(0)
  expect(desk.terminal.said.stdout).toBe('forgot 0 agents\n')
})

test('an agent that is done may live on: it says when that ends', async () => {
  const desk = await startHandDesk()
  const { session } = await desk.launched()
  await desk.launched()
  session.finish()
  await expect.poll(() => desk.client.agents()).toMatchObject([{ status: 'finished' }, {}])
  expect(await forgetAgents(readArgs(pruneSpec, ['--all']), desk)).toBe(0)
  expect(desk.terminal.said).toEqual({
    stdout: 'forgot 0 agents\n',
    stderr: '1 finished agent still lives: it ends after a while idle, or by subagent-mcp kill\n',
  })
})

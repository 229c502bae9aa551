import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { killCommand } from './kill.js'

test('those named, by id and by name', async () => {
  const context = await startTestContext()
  for (const name of ['one', 'two', 'three']) await context.launched(name)
  await context.client.kill('a1')
  expect(await killCommand.run(['a1', 'two'], context)).toBe(0)
  expect(context.terminal.said.stdout).toBe('a1 "one" had ended already\na3 "two" was killed\n')
  const statuses = (await context.client.agents()).map(({ status }) => status)
  expect(statuses).toEqual(['stopped', 'stopped', 'processing'])
})

test('none where one is unknown', async () => {
  const context = await startTestContext()
  await context.launched()
  await expect(killCommand.run(['a1', 'x'], context)).rejects.toMatchObject({
    code: 'unknown-agent',
  })
  expect(await context.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('all', async () => {
  const context = await startTestContext()
  await context.launched()
  await context.launched()
  await killCommand.run(['--all', '--json'], context)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject([
    { status: 'stopped' },
    { status: 'stopped' },
  ])
  await killCommand.run(['--all'], context)
  expect(context.terminal.said.stderr).toBe('no agent is alive\n')
})

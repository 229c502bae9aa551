import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { killCommand } from './kill.js'

test('those named, by id and by name', async () => {
  const desk = await startTestContext()
  for (const name of ['one', 'two', 'three']) await desk.launched(name)
  await desk.client.kill('a1')
  expect(await killCommand.run(['a1', 'two'], desk)).toBe(0)
  expect(desk.terminal.said.stdout).toBe('a1 "one" had ended already\na3 "two" was killed\n')
  const statuses = (await desk.client.agents()).map(({ status }) => status)
  expect(statuses).toEqual(['stopped', 'stopped', 'processing'])
})

test('none where one is unknown', async () => {
  const desk = await startTestContext()
  await desk.launched()
  await expect(killCommand.run(['a1', 'x'], desk)).rejects.toMatchObject({
    code: 'unknown-agent',
  })
  expect(await desk.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('all', async () => {
  const desk = await startTestContext()
  await desk.launched()
  await desk.launched()
  await killCommand.run(['--all', '--json'], desk)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject([{ status: 'stopped' }, { status: 'stopped' }])
  await killCommand.run(['--all'], desk)
  expect(desk.terminal.said.stderr).toBe('no agent is alive\n')
})

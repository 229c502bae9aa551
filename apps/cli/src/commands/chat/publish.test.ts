import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { expect, test } from 'vitest'
import { getMailProjectId } from '@subagent-mcp/mailbox/names'
import { publishCommand } from './publish.js'
import { startMailTest } from '../../terminal/mail-desk.test.support.js'

test('it says to whom an event went', async () => {
  const context = await startMailTest()
  const words = ['ci.build', 'main is red', '--severity', 'high', '--key', 'k', '--from', 'ci']
  expect(await publishCommand.run(words, context)).toBe(0)
  expect(await publishCommand.run(words, context)).toBe(0)
  expect(context.terminal.said.stdout).toBe('sent to app\nwas sent before to app\n')
  const event = { kind: 'event', topic: 'ci.build', severity: 'high', body: 'main is red' }
  expect(await context.client.mail.inbox('app')).toMatchObject([event])
})

test('nobody subscribes', async () => {
  const context = await startMailTest()
  context.terminal.input = 'hi'
  expect(await publishCommand.run(['news'], context)).toBe(0)
  await publishCommand.run(['news', 'hi', '--everywhere'], context)
  expect(context.terminal.said.stdout).toBe(
    "no agent of this project subscribes to 'news'; with --everywhere it is sent to all projects\n" +
      "no agent subscribes to 'news'\n",
  )
  context.terminal.said.stdout = ''
  await publishCommand.run(['news', 'hi', '--json'], context)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({ to: [] })
})

test('an event is about the project of the folder, or about all', async () => {
  const context = await startMailTest()
  const projects = { here: getMailProjectId(findProjectRoot(context.terminal.cwd)), there: '/there' }
  for (const [name, project] of Object.entries(projects)) {
    const handler = { instance: name, kind: 'worker', pid: process.pid, startTime: '1', host: 'box' } as const
    const about = { capabilities: [], topics: ['project:>'], wakes: 'high' } as const
    await context.mailbox.register({ name, project, ...about, handler })
  }
  const words = ['ci.build', 'main is red', '--severity', 'high']
  await publishCommand.run(words, context)
  await publishCommand.run([...words, '--everywhere'], context)
  expect(context.terminal.said.stdout).toBe('sent to app, here\nsent to app, here, there\n')
})

import { expect, test } from 'vitest'
import { identified, startTestContext } from '../../terminal/context.test.support.js'
import { attachCommand } from './attach.js'

test('the session is closed here, and its command printed', async () => {
  const context = await startTestContext()
  const { session } = await context.launched(undefined, "/it's")
  session.sink(identified)
  session.finish()
  expect(await attachCommand.run(['a1', '--print'], context)).toBe(0)
  expect(context.terminal.said).toEqual({ stdout: "cd '/it'\\''s' && hand --resume s-1\n", stderr: '' })
  expect(await context.client.agents()).toMatchObject([{ alive: false, status: 'finished' }])
  context.terminal.said.stdout = ''
  await attachCommand.run(['a1', '--json'], context)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({ command: ['hand', '--resume', 's-1'] })
})

test('one at work is left alone', async () => {
  const context = await startTestContext()
  await context.launched()
  await expect(attachCommand.run(['a1'], context)).rejects.toMatchObject({
    message: 'a1 is at work (processing)',
    hint: 'wait for it (subagent-mcp wait a1), or kill it (subagent-mcp kill a1)',
  })
  expect(await context.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('one without a session, or without a command', async () => {
  const context = await startTestContext()
  const [one, two] = [await context.launched(), await context.launched('no command')]
  one.session.finish()
  two.session.sink(identified)
  two.session.finish()
  await expect(attachCommand.run(['a1'], context)).rejects.toThrow('a1 never had a session')
  const none = 'claude has no command that continues session s-1'
  await expect(attachCommand.run(['no command'], context)).rejects.toThrow(none)
})

import { readArgs } from '../../command/read-args.js'
import { expect, test } from 'vitest'
import { identified, startHandDesk } from '../../terminal/context.test.support.js'
import { attachToSession, attachSpec } from './attach.js'

test('the session is closed here, and its command printed', async () => {
  const desk = await startHandDesk()
  const { session } = await desk.launched(undefined, "/it's")
  session.sink(identified)
  session.finish()
  expect(await attachToSession(readArgs(attachSpec, ['a1', '--print']), desk)).toBe(0)
  expect(desk.terminal.said).toEqual({ stdout: "cd '/it'\\''s' && hand --resume s-1\n", stderr: '' })
  expect(await desk.client.agents()).toMatchObject([{ alive: false, status: 'finished' }])
  desk.terminal.said.stdout = ''
  await attachToSession(readArgs(attachSpec, ['a1', '--json']), desk)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject({ command: ['hand', '--resume', 's-1'] })
})

test('one at work is left alone', async () => {
  const desk = await startHandDesk()
  await desk.launched()
  await expect(attachToSession(readArgs(attachSpec, ['a1']), desk)).rejects.toMatchObject({
    message: 'a1 is at work (processing)',
    hint: 'wait for it (subagent-mcp wait a1), or kill it',
  })
  expect(await desk.client.agents()).toMatchObject([{ status: 'processing' }])
})

test('one without a session, or without a command', async () => {
  const desk = await startHandDesk()
  const [one, two] = [await desk.launched(), await desk.launched('no command')]
  one.session.finish()
  two.session.sink(identified)
  two.session.finish()
  await expect(attachToSession(readArgs(attachSpec, ['a1']), desk)).rejects.toThrow('a1 never had a session')
  const none = 'claude has no command that goes on with session s-1'
  await expect(attachToSession(readArgs(attachSpec, ['no command']), desk)).rejects.toThrow(none)
})

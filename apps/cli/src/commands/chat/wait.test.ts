import { expect, test } from 'vitest'
import { annSender, startMailTest } from '../../terminal/mail-desk.test.support.js'
import type { TestContext } from '../../terminal/context.test.support.js'
import { chatWaitCommand } from './wait.js'

const wait = (context: TestContext, ...words: string[]): Promise<number> =>
  chatWaitCommand.run(['app', ...words], context)

test('it prints one message, and that one is read', async () => {
  const context = await startMailTest()
  const waiting = wait(context)
  await context.client.mail.send({ from: annSender, to: 'app', body: 'one', thread: 't1' })
  expect(await waiting).toBe(0)
  expect(context.terminal.said.stdout).toMatch(/ {2}ann → app.*\n {2}one\n\n$/)
  await context.client.mail.send({ from: annSender, to: 'app', body: 'two', thread: 't1' })
  await context.client.mail.send({ from: annSender, to: 'app', body: 'three', thread: 't2' })
  context.terminal.said.stdout = ''
  expect(await wait(context, '--thread', 't2', '--json')).toBe(0)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({ body: 'three' })
  await context.client.mail.send({ from: annSender, to: 'app', body: 'four', thread: 't1' })
  expect(await wait(context)).toBe(0)
  expect(await context.client.mail.inbox('app')).toMatchObject([{ body: 'four', status: 'waiting' }])
})

test('the time is over', async () => {
  const context = await startMailTest()
  expect(await wait(context, '--timeout', '0')).toBe(124)
  expect(context.terminal.said).toEqual({ stdout: '', stderr: "no message for 'app' came in time\n" })
})

test('Ctrl-C', async () => {
  const context = await startMailTest()
  const waiting = wait(context)
  context.terminal.interrupt()
  expect(await waiting).toBe(130)
  await context.client.mail.send({ from: annSender, to: 'app', body: 'one' })
  expect(await context.client.mail.inbox('app')).toMatchObject([{ status: 'waiting', tries: 0 }])
})

test('when the daemon ends it ends too, and says so', async () => {
  const context = await startMailTest()
  const waiting = wait(context)
  const failed = expect(waiting).rejects.toMatchObject({ code: 'daemon-unreachable' })
  await context.close()
  await failed
})

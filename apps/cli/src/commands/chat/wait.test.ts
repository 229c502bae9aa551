import { expect, test } from 'vitest'
import { annSender, startMailTest } from '../../terminal/mail-desk.test.support.js'
import type { TestContext } from '../../terminal/context.test.support.js'
import { chatWaitCommand } from './wait.js'

const wait = (desk: TestContext, ...words: string[]): Promise<number> =>
  chatWaitCommand.run(['app', ...words], desk)

test('it prints one message, and that one is read', async () => {
  const desk = await startMailTest()
  const waiting = wait(desk)
  await desk.client.mail.send({ from: annSender, to: 'app', body: 'one', thread: 't1' })
  expect(await waiting).toBe(0)
  expect(desk.terminal.said.stdout).toMatch(/ {2}ann → app.*\n {2}one\n\n$/)
  await desk.client.mail.send({ from: annSender, to: 'app', body: 'two', thread: 't1' })
  await desk.client.mail.send({ from: annSender, to: 'app', body: 'three', thread: 't2' })
  desk.terminal.said.stdout = ''
  expect(await wait(desk, '--thread', 't2', '--json')).toBe(0)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject({ body: 'three' })
  await desk.client.mail.send({ from: annSender, to: 'app', body: 'four', thread: 't1' })
  expect(await wait(desk)).toBe(0)
  expect(await desk.client.mail.inbox('app')).toMatchObject([{ body: 'four', status: 'waiting' }])
})

test('the time is over', async () => {
  const desk = await startMailTest()
  expect(await wait(desk, '--timeout', '0')).toBe(124)
  expect(desk.terminal.said).toEqual({ stdout: '', stderr: "no message for 'app' came in time\n" })
})

test('Ctrl-C', async () => {
  const desk = await startMailTest()
  const waiting = wait(desk)
  desk.terminal.interrupt()
  expect(await waiting).toBe(130)
  await desk.client.mail.send({ from: annSender, to: 'app', body: 'one' })
  expect(await desk.client.mail.inbox('app')).toMatchObject([{ status: 'waiting', tries: 0 }])
})

test('when the daemon ends it ends too, and says so', async () => {
  const desk = await startMailTest()
  const waiting = wait(desk)
  const failed = expect(waiting).rejects.toMatchObject({ code: 'daemon-unreachable' })
  await desk.close()
  await failed
})

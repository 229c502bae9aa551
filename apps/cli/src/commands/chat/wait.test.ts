import { readArgs } from '../../command/read-args.js'
import type { ArgsOf } from '../../command/command-spec.js'
import { expect, test } from 'vitest'
import { ann, startMailDesk } from '../../terminal/mail-desk.test.support.js'
import { waitForMail, chatWaitSpec } from './wait.js'

const wait = (...words: string[]): ArgsOf<typeof chatWaitSpec> => readArgs(chatWaitSpec, ['app', ...words])

test('it prints one message, and that one is read', async () => {
  const desk = await startMailDesk()
  const waiting = waitForMail(wait(), desk)
  await desk.client.mail.send({ from: ann, to: 'app', body: 'one', thread: 't1' })
  expect(await waiting).toBe(0)
  expect(desk.terminal.said.stdout).toMatch(/ {2}ann → app.*\n {2}one\n\n$/)
  await desk.client.mail.send({ from: ann, to: 'app', body: 'two', thread: 't1' })
  await desk.client.mail.send({ from: ann, to: 'app', body: 'three', thread: 't2' })
  desk.terminal.said.stdout = ''
  expect(await waitForMail(wait('--thread', 't2', '--json'), desk)).toBe(0)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject({ body: 'three' })
  await desk.client.mail.send({ from: ann, to: 'app', body: 'four', thread: 't1' })
  expect(await waitForMail(wait(), desk)).toBe(0)
  expect(await desk.client.mail.inbox('app')).toMatchObject([{ body: 'four', status: 'waiting' }])
})

test('the time is over', async () => {
  const desk = await startMailDesk()
  expect(await waitForMail(wait('--timeout', '0'), desk)).toBe(124)
  expect(desk.terminal.said).toEqual({ stdout: '', stderr: "no message for 'app' came in time\n" })
})

test('Ctrl-C', async () => {
  const desk = await startMailDesk()
  const waiting = waitForMail(wait(), desk)
  desk.terminal.interrupt()
  expect(await waiting).toBe(130)
  await desk.client.mail.send({ from: ann, to: 'app', body: 'one' })
  expect(await desk.client.mail.inbox('app')).toMatchObject([{ status: 'waiting', tries: 0 }])
})

test('when the daemon ends it ends too, and says so', async () => {
  const desk = await startMailDesk()
  const waiting = waitForMail(wait(), desk)
  const failed = expect(waiting).rejects.toMatchObject({ code: 'daemon-unreachable' })
  await desk.close()
  await failed
})

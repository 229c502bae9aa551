import { expect, test } from 'vitest'
import type { TestContext } from '../../terminal/context.test.support.js'
import {
  annSender,
  answerMessage,
  appSender,
  failMessage,
  startMailTest,
  takeMessage,
} from '../../terminal/mail-desk.test.support.js'
import { chatSendCommand } from './send.js'

test('it says where the message is', async () => {
  const desk = await startMailTest()
  desk.terminal.input = 'from stdin\n'
  expect(await chatSendCommand.run(['app', '--from', 'ann', '--thread', 't1'], desk)).toBe(0)
  expect(desk.terminal.said.stdout).toBe("sent to 'app', in thread t1\n")
  const [message] = await desk.client.mail.inbox('app')
  expect(message).toMatchObject({ body: 'from stdin\n', from: { name: 'ann' }, expectsReply: true })
})

test('a key is sent once, and JSON is whole', async () => {
  const desk = await startMailTest()
  const words = ['app', 'hi', 'there', '--from', 'ann', '--key', 'k', '--json']
  await chatSendCommand.run(words, desk)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject({
    message: { body: 'hi there' },
    repeated: false,
  })
  desk.terminal.said.stdout = ''
  await chatSendCommand.run(words.slice(0, -1), desk)
  expect(desk.terminal.said.stdout).toContain("was sent before to 'app'")
  expect(await desk.client.mail.inbox('app')).toHaveLength(1)
})

test('without a running receiver it says that the message waits', async () => {
  const desk = await startMailTest()
  await desk.mailbox.leave('app-1')
  await chatSendCommand.run(['app', 'hi', '--thread', 't1'], desk)
  expect(desk.terminal.said.stdout).toBe(
    "sent to 'app', in thread t1; no process reads its mail now: the message waits\n",
  )
})

test('no agent has this name', async () => {
  const desk = await startMailTest()
  const sending = chatSendCommand.run(['nobody', 'hi'], desk)
  await expect(sending).rejects.toMatchObject({ code: 'unknown-recipient' })
})

test('no text', async () => {
  const desk = await startMailTest()
  await expect(chatSendCommand.run(['app'], desk)).rejects.toThrow('<text> is missing: stdin is empty')
  desk.terminal.widen({ columns: 80, rows: 24 })
  await expect(chatSendCommand.run(['app'], desk)).rejects.toThrow('<text> is missing')
})

const wait = (desk: TestContext, ...words: string[]): Promise<number> =>
  chatSendCommand.run(['app', 'does it build?', '--from', 'ann', '--thread', 't1', '--wait', ...words], desk)

test('with --wait the reply alone is on stdout, and is read by that', async () => {
  const desk = await startMailTest()
  const sending = wait(desk)
  const { message } = await takeMessage(desk)
  await desk.mailbox.send({ from: appSender, to: 'ann', body: 'by the way', thread: 't1' })
  await desk.mailbox.send({ from: appSender, to: 'ann', body: 'elsewhere', thread: 't2' })
  await desk.mailbox.reply({ from: appSender, message: message.id, body: 'yes\n\u001b[2J' })
  expect(await sending).toBe(0)
  expect(desk.terminal.said.stdout).toBe(String.raw`yes` + '\n' + String.raw`\u{1b}[2J` + '\n')
  expect(desk.terminal.said.stderr).toMatch(
    /^sent to 'app', in thread t1\n.* app → ann.*\n {2}by the way\n\n$/,
  )
  expect(await desk.client.mail.inbox('ann')).toMatchObject([{ body: 'elsewhere', status: 'waiting' }])
})

test('as JSON it is the message with its reply', async () => {
  const desk = await startMailTest()
  const sending = wait(desk, '--json')
  await answerMessage(desk, 'yes')
  expect(await sending).toBe(0)
  expect(JSON.parse(desk.terminal.said.stdout)).toMatchObject({
    message: { body: 'does it build?' },
    repeated: false,
    reply: { body: 'yes' },
  })
  expect(desk.terminal.said.stderr).toBe('')
})

test('a second wait for an answered message gets the same answer', async () => {
  const desk = await startMailTest()
  const first = wait(desk, '--key', 'k')
  await answerMessage(desk, 'yes')
  await first
  desk.terminal.said.stdout = ''
  expect(await wait(desk, '--key', 'k')).toBe(0)
  expect(desk.terminal.said.stdout).toBe('yes\n')
})

test('no reply in time: the message stays', async () => {
  const desk = await startMailTest()
  expect(await wait(desk, '0')).toBe(1)
  expect(desk.terminal.said.stderr).toContain("no reply from 'app' in thread t1 so far; it is sent")
  expect(await desk.client.mail.inbox('app')).toHaveLength(1)
})

test('a message that becomes a dead letter is reported', async () => {
  const desk = await startMailTest()
  const sending = wait(desk)
  for (let left = 5; left > 0; left -= 1) await failMessage(desk, 'no session')
  expect(await sending).toBe(1)
  expect(desk.terminal.said.stdout).toBe('')
  expect(desk.terminal.said.stderr).toContain('was not handled: no session')
  expect(await desk.client.mail.inbox('ann')).toEqual([])
})

test('a dead letter that was sent again is waited for again, whatever was read of it', async () => {
  const desk = await startMailTest()
  const { message } = await desk.client.mail.send({ from: annSender, to: 'app', body: 'hi', key: 'k' })
  for (let left = 5; left > 0; left -= 1) await failMessage(desk, 'no session')
  await desk.client.mail.read({ agent: 'ann' })
  const again = ['app', 'hi', '--from', 'ann', '--key', 'k', '--wait', '0']
  expect(await chatSendCommand.run(again, desk)).toBe(1)
  expect(desk.terminal.said.stderr).toContain('was not handled: no session')
  await desk.client.mail.revive(message.id)
  desk.terminal.said.stderr = ''
  expect(await chatSendCommand.run(again, desk)).toBe(1)
  expect(desk.terminal.said.stderr).toContain("no reply from 'app'")
  expect(desk.terminal.said.stderr).not.toContain('was not handled')
})

test('Ctrl-C ends the wait and loses nothing', async () => {
  const desk = await startMailTest()
  const sending = wait(desk)
  await expect.poll(() => desk.terminal.said.stderr).toContain('sent to')
  desk.terminal.interrupt()
  expect(await sending).toBe(130)
  await answerMessage(desk, 'yes')
  expect(await desk.client.mail.inbox('ann')).toMatchObject([{ body: 'yes', status: 'waiting' }])
})

test('a reply that could not be printed is not marked as read', async () => {
  const desk = await startMailTest()
  const { stdout } = desk.terminal
  const print = stdout.print.bind(stdout)
  stdout.print = async (text) => {
    await print(text)
    desk.terminal.leave()
  }
  const sending = wait(desk)
  await answerMessage(desk, 'yes')
  expect(await sending).toBe(1)
  expect(await desk.client.mail.inbox('ann')).toMatchObject([{ body: 'yes', status: 'waiting', tries: 0 }])
})

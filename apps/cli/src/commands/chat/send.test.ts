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
  const context = await startMailTest()
  context.terminal.input = 'from stdin\n'
  expect(await chatSendCommand.run(['app', '--from', 'ann', '--thread', 't1'], context)).toBe(0)
  expect(context.terminal.said.stdout).toBe("sent to 'app', in thread t1\n")
  const [message] = await context.client.mail.inbox('app')
  expect(message).toMatchObject({ body: 'from stdin\n', from: { name: 'ann' }, expectsReply: true })
})

test('a key is sent once, and JSON is whole', async () => {
  const context = await startMailTest()
  const words = ['app', 'hi', 'there', '--from', 'ann', '--key', 'k', '--json']
  await chatSendCommand.run(words, context)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({
    message: { body: 'hi there' },
    repeated: false,
  })
  context.terminal.said.stdout = ''
  await chatSendCommand.run(words.slice(0, -1), context)
  expect(context.terminal.said.stdout).toContain("was sent before to 'app'")
  expect(await context.client.mail.inbox('app')).toHaveLength(1)
})

test('without a running receiver it says that the message waits', async () => {
  const context = await startMailTest()
  await context.mailbox.leave('app-1')
  await chatSendCommand.run(['app', 'hi', '--thread', 't1'], context)
  expect(context.terminal.said.stdout).toBe(
    "sent to 'app', in thread t1; no process reads its mail now: the message waits\n",
  )
})

test('no agent has this name', async () => {
  const context = await startMailTest()
  const sending = chatSendCommand.run(['nobody', 'hi'], context)
  await expect(sending).rejects.toMatchObject({ code: 'unknown-recipient' })
})

test('no text', async () => {
  const context = await startMailTest()
  await expect(chatSendCommand.run(['app'], context)).rejects.toThrow('<text> is missing: stdin is empty')
  context.terminal.widen({ columns: 80, rows: 24 })
  await expect(chatSendCommand.run(['app'], context)).rejects.toThrow('<text> is missing')
})

const wait = (context: TestContext, ...words: string[]): Promise<number> =>
  chatSendCommand.run(
    ['app', 'does it build?', '--from', 'ann', '--thread', 't1', '--wait', ...words],
    context,
  )

test('with --wait the reply alone is on stdout, and is read by that', async () => {
  const context = await startMailTest()
  const sending = wait(context)
  const { message } = await takeMessage(context)
  await context.mailbox.send({ from: appSender, to: 'ann', body: 'by the way', thread: 't1' })
  await context.mailbox.send({ from: appSender, to: 'ann', body: 'elsewhere', thread: 't2' })
  await context.mailbox.reply({ from: appSender, message: message.id, body: 'yes\n\u001b[2J' })
  expect(await sending).toBe(0)
  expect(context.terminal.said.stdout).toBe(String.raw`yes` + '\n' + String.raw`\u{1b}[2J` + '\n')
  expect(context.terminal.said.stderr).toMatch(
    /^sent to 'app', in thread t1\n.* app → ann.*\n {2}by the way\n\n$/,
  )
  expect(await context.client.mail.inbox('ann')).toMatchObject([{ body: 'elsewhere', status: 'waiting' }])
})

test('as JSON it is the message with its reply', async () => {
  const context = await startMailTest()
  const sending = wait(context, '--json')
  await answerMessage(context, 'yes')
  expect(await sending).toBe(0)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject({
    message: { body: 'does it build?' },
    repeated: false,
    reply: { body: 'yes' },
  })
  expect(context.terminal.said.stderr).toBe('')
})

test('a second wait for an answered message gets the same answer', async () => {
  const context = await startMailTest()
  const first = wait(context, '--key', 'k')
  await answerMessage(context, 'yes')
  await first
  context.terminal.said.stdout = ''
  expect(await wait(context, '--key', 'k')).toBe(0)
  expect(context.terminal.said.stdout).toBe('yes\n')
})

test('no reply in time: the message stays', async () => {
  const context = await startMailTest()
  expect(await wait(context, '0')).toBe(1)
  expect(context.terminal.said.stderr).toContain("no reply from 'app' in thread t1 so far; it is sent")
  expect(await context.client.mail.inbox('app')).toHaveLength(1)
})

test('a message that becomes a dead letter is reported', async () => {
  const context = await startMailTest()
  const sending = wait(context)
  for (let left = 5; left > 0; left -= 1) await failMessage(context, 'no session')
  expect(await sending).toBe(1)
  expect(context.terminal.said.stdout).toBe('')
  expect(context.terminal.said.stderr).toContain('was not handled: no session')
  expect(await context.client.mail.inbox('ann')).toEqual([])
})

test('a dead letter that was sent again is waited for again, whatever was read of it', async () => {
  const context = await startMailTest()
  const { message } = await context.client.mail.send({ from: annSender, to: 'app', body: 'hi', key: 'k' })
  for (let left = 5; left > 0; left -= 1) await failMessage(context, 'no session')
  await context.client.mail.read({ agent: 'ann' })
  const again = ['app', 'hi', '--from', 'ann', '--key', 'k', '--wait', '0']
  expect(await chatSendCommand.run(again, context)).toBe(1)
  expect(context.terminal.said.stderr).toContain('was not handled: no session')
  await context.client.mail.revive(message.id)
  context.terminal.said.stderr = ''
  expect(await chatSendCommand.run(again, context)).toBe(1)
  expect(context.terminal.said.stderr).toContain("no reply from 'app'")
  expect(context.terminal.said.stderr).not.toContain('was not handled')
})

test('Ctrl-C ends the wait and loses nothing', async () => {
  const context = await startMailTest()
  const sending = wait(context)
  await expect.poll(() => context.terminal.said.stderr).toContain('sent to')
  context.terminal.interrupt()
  expect(await sending).toBe(130)
  await answerMessage(context, 'yes')
  expect(await context.client.mail.inbox('ann')).toMatchObject([{ body: 'yes', status: 'waiting' }])
})

test('a reply that could not be printed is not marked as read', async () => {
  const context = await startMailTest()
  const { stdout } = context.terminal
  const print = stdout.print.bind(stdout)
  stdout.print = async (text) => {
    await print(text)
    context.terminal.leave()
  }
  const sending = wait(context)
  await answerMessage(context, 'yes')
  expect(await sending).toBe(1)
  expect(await context.client.mail.inbox('ann')).toMatchObject([{ body: 'yes', status: 'waiting', tries: 0 }])
})

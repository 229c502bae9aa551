import { expect, test } from 'vitest'
import {
  annSender,
  answerMessage,
  failMessage,
  startMailTest,
} from '../../terminal/mail-desk.test.support.js'
import { chatAgentsCommand } from './agents.js'
import { chatDeadCommand } from './dead.js'
import { chatInboxCommand } from './inbox.js'
import { chatThreadCommand, chatThreadsCommand } from './threads.js'

test('nothing is there', async () => {
  const context = await startMailTest()
  await chatInboxCommand.run(['app'], context)
  await chatThreadsCommand.run([], context)
  await chatThreadsCommand.run(['app'], context)
  await chatDeadCommand.run([], context)
  expect(context.terminal.said).toEqual({
    stdout: '',
    stderr: "no message waits for 'app'\nno threads\nno threads of 'app'\nno dead letters\n",
  })
  await chatInboxCommand.run(['app', '--json'], context)
  expect(context.terminal.said.stdout).toBe('[]\n')
})

test('an inbox is looked at, and then read', async () => {
  const context = await startMailTest()
  await context.client.mail.send({ from: annSender, to: 'app', body: 'one\n\u001b[2J', thread: 't1' })
  await chatInboxCommand.run(['app'], context)
  expect(context.terminal.said.stdout).toMatch(/^FROM .*\nann .*t1 +one \\u\{1b\}\[2J\n$/)
  expect(context.terminal.said.stderr).toContain('to read: subagent-mcp chat inbox --read')
  context.terminal.said.stdout = ''
  await chatInboxCommand.run(['app', '--read'], context)
  expect(context.terminal.said.stdout).toMatch(/ann → app\n {2}one\n {2}\\u\{1b\}\[2J\n\n$/)
  expect(context.terminal.said.stderr).toContain('subagent-mcp chat send ann --thread t1 "<text>"')
  expect(await context.client.mail.inbox('app')).toEqual([])
})

test('how to answer is a whole command, whatever a thread is called', async () => {
  const context = await startMailTest()
  const thread = `${'a'.repeat(100)}' ; rm -rf / #`
  await context.client.mail.send({ from: annSender, to: 'app', body: 'one', thread })
  await chatInboxCommand.run(['app', '--read'], context)
  expect(context.terminal.said.stderr).toContain(`--thread '${'a'.repeat(100)}'\\'' ; rm -rf / #' "<text>"`)
})

test('threads, and one of them as a conversation', async () => {
  const context = await startMailTest()
  await context.client.mail.send({ from: annSender, to: 'app', body: 'does it build?', thread: 't1' })
  await answerMessage(context, 'yes')
  await chatThreadsCommand.run(['app'], context)
  expect(context.terminal.said.stdout).toMatch(/^THREAD .*\nt1 .* yes\n$/)
  context.terminal.said.stdout = ''
  await chatThreadCommand.run(['t1'], context)
  expect(context.terminal.said.stdout).toMatch(
    /^.* ann → app\n {2}does it build\?\n\n.* app → ann, waiting\n {2}yes\n\n$/,
  )
  context.terminal.said.stdout = ''
  await chatThreadCommand.run(['t1', '--json'], context)
  expect(JSON.parse(context.terminal.said.stdout)).toMatchObject([
    { body: 'does it build?' },
    { body: 'yes' },
  ])
  const none = chatThreadCommand.run(['t9'], context)
  await expect(none).rejects.toMatchObject({ code: 'unknown-message' })
})

test('a list that is cut off says how many entries follow, and how to see them', async () => {
  const context = await startMailTest()
  const said = (): typeof context.terminal.said => {
    const { stdout, stderr } = context.terminal.said
    Object.assign(context.terminal.said, { stdout: '', stderr: '' })
    return { stdout, stderr }
  }
  for (const body of ['1', '2', '3'])
    await context.client.mail.send({ from: annSender, to: 'app', body, thread: 't' })
  await context.client.mail.send({ from: annSender, to: 'app', body: '4', thread: 'u' })
  await chatInboxCommand.run(['app', '--limit', '3'], context)
  expect(said().stderr).toMatch(/^1 more: --limit 4\nto read: /)
  await chatInboxCommand.run(['app', '--limit', '4'], context)
  expect(said().stderr).toMatch(/^to read: /)
  await chatInboxCommand.run(['app', '--limit', '1', '--json'], context)
  const json = said()
  expect(json.stderr).toBe('3 more: --limit 4\n')
  expect(json.stdout).toMatch(/^\[[^]*"body": "1"[^]*\]\n$/)
  await chatThreadsCommand.run(['ann', '--limit', '1'], context)
  expect(said().stderr).toMatch(/^1 more: --limit 2\nto read one: /)
  await chatThreadCommand.run(['t', '--limit', '2'], context)
  const thread = said()
  expect(thread.stderr).toBe('1 earlier: --limit 3\n')
  expect(thread.stdout).toMatch(/^.*\n {2}2\n\n.*\n {2}3\n\n$/)
  await chatInboxCommand.run(['app', '--read', '--limit', '2'], context)
  expect(said().stderr).toMatch(/^2 more: --limit 4\nto answer the last: /)
  expect(await context.client.mail.inbox('app')).toMatchObject([{ body: '3' }, { body: '4' }])
  for (let left = 10; left > 0; left -= 1) await failMessage(context, 'no session')
  await chatDeadCommand.run(['--limit', '1'], context)
  expect(said().stderr).toMatch(/^1 more: --limit 2\nto send one again: /)
})

test('who is known', async () => {
  const context = await startMailTest()
  await context.client.mail.send({ from: annSender, to: 'app', body: 'one' })
  expect(await chatAgentsCommand.run([], context)).toBe(0)
  expect(context.terminal.said.stdout).toMatch(/^NAME .*\nann .*\napp +1 .*worker on \S+ \(pid \d+\)\n$/)
})

test('a dead letter is sent again', async () => {
  const context = await startMailTest()
  const { message } = await context.client.mail.send({ from: annSender, to: 'app', body: 'one' })
  for (let left = 5; left > 0; left -= 1) await failMessage(context, 'no session')
  await chatDeadCommand.run(['app'], context)
  expect(context.terminal.said.stdout).toMatch(/^ID .*\n\S+ +app +ann .* no session +one\n$/)
  context.terminal.said.stdout = ''
  expect(await chatDeadCommand.run(['--revive', message.id], context)).toBe(0)
  expect(context.terminal.said.stdout).toBe(`${message.id} waits for 'app' again\n`)
  expect(await context.client.mail.inbox('app')).toMatchObject([{ status: 'waiting', tries: 0 }])
})

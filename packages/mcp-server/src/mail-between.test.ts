import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'
import type { TestHost } from './play-host.test.support.js'
import { openMemoryMail, type MemoryMail } from './memory-mail.test.support.js'

let mail: MemoryMail
let server: ManualServer
let author: TestHost
let reviewer: TestHost

beforeEach(async () => {
  mail = await openMemoryMail()
  server = await startManualServer()
  const [one, other] = [
    await server.connect('one', { mail: mail.portOf('author') }),
    await server.connect('other', { mail: mail.portOf('reviewer') }),
  ]
  ;[author, reviewer] = [one.host, other.host]
})
afterEach(async () => {
  await server.close()
  await mail.close()
})

const idIn = (text: string, what: string): string => new RegExp(`${what}[ =](\\w+)`).exec(text)?.[1] ?? ''

test('a message reaches the waiting receiver, and its reply the sender, in one thread', async () => {
  const waiting = reviewer.call('chat', { action: 'wait' })
  const sent = await author.call('chat', { action: 'send', to: 'reviewer', text: 'is it right?' })
  const thread = idIn(sent, 'thread')
  const received = await waiting
  expect(received).toMatch(
    /^message \w+, thread \w+, from author@box through agent, to reviewer, sent 0 s ago, wants a reply:\n\| is it right\?$/m,
  )
  const message = idIn(received, 'message')
  const reply = { action: 'reply', message, text: 'it is' }
  expect(await reviewer.call('chat', reply)).toContain(`replied to message ${message}`)
  expect(await reviewer.call('chat', { ...reply, text: 'it is not' })).toContain('the first reply stays')
  const answered = await author.call('chat', { action: 'wait', thread })
  expect(answered).toContain(`answers ${message}, sent 0 s ago:\n| it is\n\nnext: go on`)
  const whole = await reviewer.call('chat', { action: 'read', thread })
  expect(whole.match(/^\| .*$/gm)).toEqual(['| is it right?', '| it is'])
})

test('a message in a cancelled answer is delivered again, and a received one is not', async () => {
  await author.call('chat', { action: 'send', to: 'reviewer', text: 'once' })
  await reviewer.request('tools/call', { name: 'chat', arguments: { action: 'wait' } })
  reviewer.cancel()
  expect(await reviewer.call('sync')).toContain('| once')
  expect(await reviewer.call('chat', { action: 'wait', timeout_seconds: 0 })).toMatch(/^timed out/)
  expect(await reviewer.call('chat', { action: 'inbox' })).toBe('nothing waits\nnext: chat wait')
})

test('errors of the mailbox are passed on', async () => {
  expect(await author.call('chat', { action: 'send', to: 'nobody', text: 'x' })).toMatch(/^unknown-recipient/)
  expect(await author.call('chat', { action: 'send', to: 'reviewer', text: 'x'.repeat(70_000) })).toMatch(
    /^invalid-parameter/,
  )
  expect(await author.call('chat', { action: 'reply', message: 'none', text: 'x' })).toMatch(
    /^unknown-message/,
  )
  expect(await author.call('chat', { action: 'read', thread: 'none' })).toMatch(/^unknown-message/)
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'

let server: ManualServer

beforeEach(async () => {
  server = await startManualServer()
})
afterEach(() => server.close())

const chat = (input: object): Promise<string> => server.host.call('chat', input)

test('of a very long thread the newest messages are shown, and all of it is saved', async () => {
  for (let count = 1; count <= 120; count += 1) server.mail.deliver({ thread: 't1', body: `text ${count}` })
  const text = await chat({ action: 'read', thread: 't1' })
  expect(text).toMatch(/^\[20 earlier messages left out; whole: \/kept\/thread-t1\]\n/)
  expect(text).not.toContain('| text 20\n')
  expect(text).toContain('| text 21\n')
  expect(server.saved.get('thread-t1')).toContain('| text 1\n')
})

test('of a still longer thread the newest messages are saved', async () => {
  for (let count = 1; count <= 1_020; count += 1) server.mail.deliver({ thread: 't1', body: `text ${count}` })
  const text = await chat({ action: 'read', thread: 't1' })
  expect(text).toMatch(/^\[920 earlier messages left out; the last 1000 messages: \/kept\/thread-t1\]\n/)
  expect(server.saved.get('thread-t1')).not.toContain('| text 20\n')
  expect(server.saved.get('thread-t1')).toContain('| text 21\n')
  await server.host.call('list_agents')
  expect(server.mail.messages.filter(({ status }) => status === 'waiting')).toHaveLength(20)
})

test('of a full inbox the oldest messages are shown, with the number of others', async () => {
  for (let count = 1; count <= 120; count += 1) server.mail.deliver()
  const text = await chat({ action: 'inbox' })
  expect(text.match(/^message m\d+,/gm)).toHaveLength(100)
  expect(text).toMatch(/^message m100,.*\nand 20 more\nnext: sync/m)
})

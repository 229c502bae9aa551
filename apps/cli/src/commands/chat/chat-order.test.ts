import { expect, test } from 'vitest'
import {
  readChatAgentsOrder,
  readChatDeadOrder,
  readChatInboxOrder,
  readChatThreadOrder,
  readChatThreadsOrder,
  readChatWaitOrder,
} from './chat-order.js'
import { readChatSendOrder } from './chat-send-order.js'
import { readPublishOrder } from '../publish/publish-order.js'

test('the words of lists', () => {
  expect(readChatAgentsOrder([])).toEqual({ json: false })
  expect(readChatThreadsOrder(['app', '--json'])).toEqual({ agent: 'app', json: true })
  expect(readChatThreadOrder(['t1'])).toEqual({ id: 't1', json: false })
  expect(readChatInboxOrder([])).toEqual({ read: false, json: false })
  expect(readChatInboxOrder(['app', '--read'])).toEqual({ agent: 'app', read: true, json: false })
  expect(readChatInboxOrder(['--limit', '1000', '--read'])).toEqual({ limit: 1_000, read: true, json: false })
  expect(readChatThreadOrder(['t1', '--limit=7'])).toEqual({ id: 't1', limit: 7, json: false })
  expect(readChatThreadsOrder(['--limit', '7'])).toEqual({ limit: 7, json: false })
  expect(readChatDeadOrder(['--limit', '7'])).toEqual({ limit: 7, json: false })
  expect(readChatDeadOrder(['app'])).toEqual({ agent: 'app', json: false })
  expect(readChatDeadOrder(['--revive', 'm1', '--json'])).toEqual({ revive: 'm1', json: true })
})

test('the words of wait', () => {
  expect(readChatWaitOrder([])).toEqual({ json: false })
  expect(readChatWaitOrder(['app', '--thread', 't1', '--timeout', '2m', '--json'])).toEqual({
    agent: 'app',
    thread: 't1',
    timeoutSeconds: 120,
    json: true,
  })
})

const sends: [words: string[], order: object][] = [
  [['app', 'go', 'on'], { to: 'app', text: 'go on', json: false }],
  [['app'], { to: 'app', json: false }],
  [['app', '-', '--json'], { to: 'app', text: '-', json: true }],
  [['app', 'hi', '--wait'], { to: 'app', text: 'hi', wait: {}, json: false }],
  [['app', 'hi', '--wait', '90'], { to: 'app', text: 'hi', wait: { seconds: 90 }, json: false }],
  [['--wait=2m', 'app', 'hi'], { to: 'app', text: 'hi', wait: { seconds: 120 }, json: false }],
  [['app', '--wait', 'hi'], { to: 'app', text: 'hi', wait: {}, json: false }],
  [['app', '--wait', '3 apples'], { to: 'app', text: '3 apples', wait: {}, json: false }],
  [['app', '--', '--wait', '3'], { to: 'app', text: '--wait 3', json: false }],
  [
    ['app', 'hi', '--thread', 't', '--key', 'k', '--from', 'ann'],
    { to: 'app', text: 'hi', thread: 't', key: 'k', from: 'ann', json: false },
  ],
]
test.each(sends)('the words of send: %j', (words, order) => {
  expect(readChatSendOrder(words)).toEqual(order)
})

test('the words of publish', () => {
  expect(readPublishOrder(['ci.build', 'it', 'broke'])).toEqual({
    topic: 'ci.build',
    text: 'it broke',
    severity: 'info',
    everywhere: false,
    json: false,
  })
  const words = ['ci.build', '--severity', 'high', '--key', 'k', '--from', 'ci', '--everywhere', '--json']
  expect(readPublishOrder(words)).toEqual({
    topic: 'ci.build',
    severity: 'high',
    key: 'k',
    from: 'ci',
    everywhere: true,
    json: true,
  })
})

const wrong: [read: (words: readonly string[]) => object, words: string[], says: string][] = [
  [readChatAgentsOrder, ['app'], "there is a 'app' too many"],
  [readChatThreadsOrder, ['a', 'b'], "there is a 'b' too many"],
  [readChatThreadOrder, [], 'there is no thread'],
  [readChatInboxOrder, [''], 'there is no agent'],
  [readChatWaitOrder, ['--timeout', 'soon'], "not 'soon'"],
  [readChatWaitOrder, ['--thread', ''], '--thread is empty'],
  [readChatDeadOrder, ['--revive', ''], '--revive is empty'],
  [readChatAgentsOrder, ['--limit', '1'], '--limit'],
  [readChatInboxOrder, ['--limit', '1001'], "--limit takes a number from 1 to 1000, not '1001'"],
  [readChatThreadOrder, ['t1', '--limit', '0'], "not '0'"],
  [readChatThreadsOrder, ['--limit='], "not ''"],
  [readChatDeadOrder, ['--limit', '2', '--revive', 'm1'], '--revive takes a message'],
  [readChatDeadOrder, ['app', '--revive', 'm1'], '--revive takes a message'],
  [readChatSendOrder, [], 'there is no agent'],
  [readChatSendOrder, ['app', '--key', ' '], '--key is empty'],
  [readChatSendOrder, ['app', '--wait=soon'], "--wait takes a time as in 90s, 15m, 12h or 7d, not 'soon'"],
  [readChatSendOrder, ['app', '--weight'], '--weight'],
  [readPublishOrder, [], 'there is no topic'],
  [readPublishOrder, ['ci', '--from', ''], '--from is empty'],
  [readPublishOrder, ['ci', '--severity', 'bad'], 'one of info, low, medium, high, critical'],
]
test.each(wrong)('%s: %j is refused', (read, words, says) => {
  expect(() => read(words)).toThrow(expect.objectContaining({ code: 'unknown-parameter' }))
  expect(() => read(words)).toThrow(says)
})

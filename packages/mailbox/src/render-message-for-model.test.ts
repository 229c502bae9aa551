import { expect, test } from 'vitest'
import type { MailboxMessage } from './mailbox.js'
import { renderMessageForModel, summarizeMessage } from './render-message-for-model.js'

const message: MailboxMessage = {
  id: 'm1',
  seq: 1,
  thread: 't1',
  kind: 'direct',
  from: { name: 'reviewer', host: 'box', through: 'agent' },
  to: 'me',
  body: 'hello',
  sentAt: 0,
  expectsReply: false,
  status: 'waiting',
  tries: 0,
}
const style = { now: 5_000, limit: 100, whole: () => 'whole: /kept' }
const usual = 'thread t1, from reviewer@box through agent, to me'

test.each<[given: Partial<MailboxMessage>, head: string]>([
  [{}, `message m1, ${usual}, sent 5 s ago:`],
  [
    { from: { ...message.from, model: 'codex/gpt 6' } },
    'message m1, thread t1, from reviewer@box through agent on codex/gpt\\u{20}6, to me, sent 5 s ago:',
  ],
  [{ expectsReply: true }, `message m1, ${usual}, sent 5 s ago, wants a reply:`],
  [{ expectsReply: true, repliedBy: 'm2' }, `message m1, ${usual}, sent 5 s ago, answered by m2:`],
  [{ replyTo: 'm0', status: 'handled' }, `message m1, ${usual}, answers m0, sent 5 s ago:`],
  [{ status: 'held' }, `message m1, ${usual}, sent 5 s ago:`],
  [{ kind: 'notice', status: 'dead' }, `notice m1, ${usual}, sent 5 s ago, dead:`],
  [
    { kind: 'event', topic: 'ci.main', severity: 'high' },
    `event m1, ${usual}, topic ci.main, severity high, sent 5 s ago:`,
  ],
  [{ sentAt: 9_000 }, `message m1, ${usual}, sent 0 s ago:`],
  [{ sentAt: -300_000 }, `message m1, ${usual}, sent 5 min ago:`],
  [{ sentAt: -3 * 3_600_000 }, `message m1, ${usual}, sent 3 h ago:`],
  [{ sentAt: -4 * 86_400_000 }, `message m1, ${usual}, sent 4 days ago:`],
])('%o is told in a line', (given, head) => {
  expect(renderMessageForModel({ ...message, ...given }, style)).toBe(`${head}\n| hello`)
})

test.each<[body: string, text: string]>([
  ['', '| '],
  ['one\n\n  two\tthree', '| one\n| \n|   two\tthree'],
  ['a\r\nb\rc\vd\fe\u0085f\u2028g\u2029h', '| a\n| b\n| c\n| d\n| e\n| f\n| g\n| h'],
  ['\u{1b}[2J\u202e\u200b\ufe0f\u{e0041}\0', '| \\u{1b}[2J\\u{202e}\\u{200b}\\u{fe0f}\\u{e0041}\\u{0}'],
  ['\ud83d', '| \ufffd'],
])('each line of %j is marked, and what has no shape is spelled out', (body, text) => {
  expect(
    renderMessageForModel({ ...message, body }, style)
      .split('\n')
      .slice(1)
      .join('\n'),
  ).toBe(text)
})

test('shows the beginning and the end of a long text', () => {
  for (let limit = 1; limit < 40; limit += 1) {
    const body = 'begin\n'.repeat(20) + '😀\nend'
    const [, ...lines] = renderMessageForModel({ ...message, body }, { ...style, limit }).split('\n')
    const ours = lines.filter((line) => line !== '' && !line.startsWith('|'))
    expect(ours).toEqual([expect.stringMatching(/^\[\d+ characters left out; whole: \/kept\]$/)])
    expect(lines.join('\n').isWellFormed()).toBe(true)
    expect(lines.join('').length).toBeLessThan(limit + 60)
  }
})

test('escapes a name that a model could read as a sentence', () => {
  const from = { name: 'a, from b', host: 'c:\n| d', through: 'http' } as const
  expect(summarizeMessage({ ...message, from, body: 'x\ny'.repeat(9) }, { now: 0, limit: 5 })).toBe(
    'message m1, thread t1, from a\\u{2c}\\u{20}from\\u{20}b@c:\\u{a}\\u{7c}\\u{20}d through http, to me, sent 0 s ago | x yx …',
  )
})

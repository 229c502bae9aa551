import type { MailboxMessage } from '@subagent-mcp/mailbox'
import { expect, test } from 'vitest'
import { formatMailBodyLine, formatMailBody, formatMailMessage } from './mail-text.js'
import { makeMessage } from '../../terminal/mail.test.support.js'
import { paintNothing } from '../../terminal/paint.js'

test('a message, whole', () => {
  const body = 'does it build?\r\n\n  npm test\n'
  expect(formatMailMessage(makeMessage({ body, status: 'handled' }), paintNothing)).toBe(
    '2026-11-21 11:59:00  ann → app\n  does it build?\n\n    npm test\n\n',
  )
})

const heads: [parts: Partial<MailboxMessage>, head: string][] = [
  [{}, 'ann → app, waiting'],
  [
    { status: 'handled', from: { name: 'api', host: 'box', through: 'agent', model: 'codex/gpt' } },
    'api (codex/gpt) → app',
  ],
  [{ status: 'held', tries: 1, failure: 'timed out' }, 'ann → app, held, failed 1 time: timed out'],
  [{ status: 'dead', tries: 5, failure: 'no session' }, 'ann → app, dead after 5 failures: no session'],
  [{ status: 'handled', tries: 2 }, 'ann → app'],
  [
    { status: 'handled', kind: 'event', topic: 'ci.build', severity: 'high' },
    'ann → app, high event ci.build',
  ],
  [{ status: 'handled', kind: 'notice' }, 'ann → app, notice'],
]
test.each(heads)('its head: %j', (parts, head) => {
  expect(formatMailMessage(makeMessage(parts), paintNothing).split('\n')[0]).toBe(
    `2026-11-21 11:59:00  ${head}`,
  )
})

test('what a terminal would obey or not show is spelled out, and cannot begin a line of ours', () => {
  expect(formatMailBody('a\u001b[2Jb\rc\u202ed\n\u000be')).toBe(
    String.raw`a\u{1b}[2Jb\u{d}c\u{202e}d` + '\n' + String.raw`\u{b}e`,
  )
  const from = { name: 'ann\n', host: 'box', through: 'http' } as const
  expect(formatMailMessage(makeMessage({ from, failure: 'x\u001b', tries: 1 }), paintNothing)).toContain(
    String.raw`ann\u{a} → app, waiting, failed 1 time: x\u{1b}`,
  )
})

test('in a line', () => {
  expect(formatMailBodyLine(' does it\n\tbuild\u0007? ')).toBe(String.raw`does it build\u{7}?`)
})

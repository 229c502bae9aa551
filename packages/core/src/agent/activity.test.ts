import type { SessionEvent } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { recordAgentActivity } from './activity.js'
import type { SessionActivity } from './agent.js'

const none: SessionActivity = { visibleAt: 0, recent: [] }

function watch(...events: SessionEvent[]): SessionActivity {
  return events.reduce((activity, event, index) => recordAgentActivity(activity, event, index + 1), none)
}

const text = (activity: SessionActivity): string[] =>
  activity.recent.map((item) => `${item.kind}: ${item.text}`)

test('pieces of a text grow into one item, which the whole message replaces', () => {
  const pieces = [
    { type: 'text-delta', text: 'Hel' },
    { type: 'text-delta', text: 'lo' },
  ] as const
  expect(text(watch(...pieces))).toEqual(['writing: Hello'])
  expect(text(watch(...pieces, { type: 'message-ended', text: 'Hello.' }))).toEqual(['text: Hello.'])
})

test('messages that came whole each stay an item', () => {
  const activity = watch({ type: 'message-ended', text: 'one' }, { type: 'message-ended', text: 'two' })
  expect(text(activity)).toEqual(['text: one', 'text: two'])
})

test('only the newest three stay, and the time is that of the newest', () => {
  const activity = watch(
    { type: 'message-ended', text: 'one' },
    { type: 'tool-started', callId: 'c', tool: 'Bash', input: { command: 'ls' } },
    { type: 'tool-ended', callId: 'c', failed: true, output: 'no' },
    { type: 'notice', text: 'four' },
  )
  expect(text(activity)).toEqual(['tool: Bash {"command":"ls"}', 'tool-result: failed: no', 'notice: four'])
  expect(activity.visibleAt).toBe(4)
})

test('events that show nothing do not count as activity', () => {
  expect(
    watch({ type: 'session-identified', sessionId: 's' }, { type: 'usage-reported', turnId: 't', usage: {} }),
  ).toBe(none)
})

test('a long item is cut: a text keeps its end, a tool call its beginning', () => {
  const [writing] = watch({ type: 'text-delta', text: `${'x '.repeat(500)}END` }).recent
  const [call] = watch({ type: 'tool-started', callId: 'c', tool: 'Write', input: 'y'.repeat(500) }).recent
  expect(writing?.text).toMatch(/^…(x| )+END$/)
  expect(call?.text).toMatch(/^Write "y+…$/)
  expect([writing?.text.length, call?.text.length]).toEqual([199, 200])
})

test('a text that keeps its end begins at a whole word: the rest of a token is not known as one', () => {
  const [writing] = watch({ type: 'text-delta', text: `the key is ${'aB3dE5gH'.repeat(40)} now` }).recent
  expect(writing?.text).toBe('… now')
})

import type { Fact } from '@subagent-mcp/core'
import { expect, test } from 'vitest'
import { readPermissionEnd } from './question-facts.js'

const about = { at: 1, agentId: 'a', requestId: 'r' }
const answered = { ...about, type: 'answer-requested', decision: 'allow', by: 'tool', who: 'Codex' } as const
const rows: [what: string, fact: Fact, end: object | undefined][] = [
  ['a yes', answered, { at: 1, event: 'allowed', through: 'tool', who: 'Codex' }],
  [
    'a no',
    { ...answered, decision: 'deny', reason: 'no' },
    { at: 1, event: 'denied', through: 'tool', who: 'Codex', why: 'no' },
  ],
  ['an answer to another question', { ...answered, requestId: 's' }, undefined],
  ['an answer to another agent', { ...answered, agentId: 'b' }, undefined],
  [
    'its time',
    { ...about, type: 'question-expired', until: 1 },
    { at: 1, event: 'denied', through: 'deadline' },
  ],
  ['the time of another', { ...about, requestId: 's', type: 'question-expired', until: 1 }, undefined],
  [
    'the CLI itself',
    { ...about, type: 'session-event-received', event: { type: 'approval-withdrawn', requestId: 'r' } },
    { at: 1, event: 'withdrawn' },
  ],
  ['the end of its agent', { ...about, type: 'stop-requested', by: 'api' }, { at: 1, event: 'withdrawn' }],
  ['what is before a user', { ...about, type: 'question-shown', caller: 'c' }, undefined],
  ["what is no agent's", { at: 1, type: 'drain-started' }, undefined],
]
test.each(rows)('%s', (_, fact, end) => {
  expect(readPermissionEnd(fact, { agentId: 'a', requestId: 'r' })).toEqual(end)
})

import type { SessionEvent } from '@subagent-mcp/contract'
import type { Fact, ToolCallRuling } from '@subagent-mcp/core'
import { expect, test } from 'vitest'
import { createEmptyTranscript, type TranscriptEntry } from './entry.js'
import { transcribeFact } from './printer.js'

const agentId = 'k3f9'
const event = (at: number, told: SessionEvent): Fact => ({
  type: 'session-event-received',
  at,
  agentId,
  event: told,
})
const message = (at: number, text: string, steer = false): Fact => {
  return { type: 'message-requested', at, agentId, message: { id: text, text }, steer, caller: 'c' }
}
const ended = (at: number, answer = ''): Fact =>
  event(at, { type: 'turn-ended', turnId: 't', outcome: { type: 'completed', answer } })

const ruled = (ruling: ToolCallRuling): Fact => {
  const asked = {
    type: 'approval-requested',
    requestId: 'r',
    tool: 'Bash',
    input: { command: 'ls' },
  } as const
  return { type: 'session-event-received', at: 1, agentId, event: asked, ruling }
}
const answered = (answer: Pick<Answer, 'decision' | 'reason' | 'by' | 'who'>): Fact => {
  return { type: 'answer-requested', at: 2, agentId, requestId: 'r', ...answer }
}
type Verdict = (Fact & { type: 'turn-checked' })['verdict']
const verdict = (given: Verdict): Fact => {
  return { type: 'turn-checked', at: 1, agentId, turnId: 't', verdict: given, repairId: 'm2' }
}
const checked = (grade: Verdict['check']['grade']): Verdict['check'] => ({ grade, evidence: [] })
type Answer = Fact & { type: 'answer-requested' }

function tell(facts: readonly Fact[]): TranscriptEntry[] {
  let transcript = createEmptyTranscript('/home/me')
  return facts.flatMap((fact) => {
    const [next, ...passages] = transcribeFact(transcript, fact)
    transcript = next
    return passages
  })
}
const texts = (facts: readonly Fact[]): string[] =>
  tell(facts).map((passage) => ('text' in passage ? passage.text : passage.type))

const opened: Fact = { type: 'session-opened', at: 1_000, agentId }
const failure = { reason: 'overloaded', message: 'busy' } as const
const rows: [name: string, facts: Fact[], told: string[]][] = [
  ['a turn counts from its beginning', [opened, ended(21_000)], ['the turn finished after 20 s']],
  [
    'messages that waited have turns of their own',
    [opened, message(2_000, 'more'), ended(11_000), ended(16_000)],
    ['> more', 'the turn finished after 10 s', 'the turn finished after 5.0 s'],
  ],
  [
    'a message into the running turn has none',
    [opened, message(2_000, 'more', true), ended(11_000)],
    ['> (into the running turn) more', 'the turn finished after 10 s'],
  ],
  [
    'an idle agent begins when it has room',
    [
      opened,
      ended(2_000),
      message(60_000, 'more'),
      { type: 'slot-granted', at: 61_000, agentId },
      ended(63_000),
    ],
    ['the turn finished after 1.0 s', '> more', 'the turn finished after 2.0 s'],
  ],
  [
    'the next candidate counts anew',
    [
      opened,
      event(5_000, { type: 'turn-ended', turnId: 't', outcome: { type: 'failed', failure } }),
      { type: 'session-open-failed', at: 6_000, agentId, failure },
      { ...opened, at: 7_000, notes: ['no effort'] },
      ended(9_000),
    ],
    [
      'the turn failed after 4.0 s: overloaded: busy',
      'could not start: overloaded: busy',
      'no effort',
      'the turn finished after 2.0 s',
    ],
  ],
  [
    'an answer that came in no message',
    [opened, ended(2_000, 'Hi.')],
    ['Hi.', 'the turn finished after 1.0 s'],
  ],
  [
    'one that came in a message',
    [opened, event(1_500, { type: 'message-ended', text: 'Hi.' }), ended(2_000, 'Hi.')],
    ['Hi.', 'the turn finished after 1.0 s'],
  ],
  [
    'a session that is named again',
    [1, 2].map((at) => event(at, { type: 'session-identified', sessionId: 's', model: 'm' })),
    ['session s, m'],
  ],
  [
    'limits that are used up',
    [
      event(1, {
        type: 'limits-reported',
        limits: [
          { name: 'week', exhausted: true },
          { name: 'day', exhausted: false },
        ],
      }),
    ],
    ['the limit week is used up'],
  ],
  [
    'what the policy answers is no question',
    [ruled({ verdict: 'allow', by: 'rule Bash(ls)' }), ruled({ verdict: 'deny', by: 'rule Bash(rm:*)' })],
    ['denied by rule Bash(rm:*): Bash {"command":"ls"}'],
  ],
  [
    'questions and answers',
    [
      ruled({ verdict: 'ask', by: 'preset ask', humanOnly: false }),
      answered({ decision: 'allow', by: 'elicitation', who: 'the user of \u001b[1mClaude' }),
      answered({ decision: 'deny', reason: 'no', by: 'tool', who: 'Codex' }),
      { type: 'question-expired', at: 4, agentId, requestId: 'r', until: 4 },
    ],
    [
      'asks permission: Bash {"command":"ls"}',
      String.raw`Bash was allowed by the user of \u{1b}[1mClaude (elicitation)`,
      'Bash was denied by Codex (tool): no',
      'Bash was denied: it was not answered in time',
    ],
  ],
  [
    'the checks of results',
    [
      verdict({
        passed: false,
        problem: 'the answer is not JSON',
        feedback: 'again',
        check: checked('rejected'),
      }),
      verdict({ passed: true, check: checked('checked') }),
    ],
    ['its result failed the check: the answer is not JSON', 'its result was checked: checked'],
  ],
  [
    'what the supervisor did',
    [
      { type: 'interrupt-requested', at: 1, agentId },
      { type: 'recovered', at: 1, agentId },
      { type: 'reports-delivered', at: 1, agentId, caller: 'c', upTo: 1 },
    ],
    ['asked to end its turn', 'interrupted, because its daemon has ended'],
  ],
]
test.each(rows)('%s', (_, facts, told) => {
  expect(texts(facts)).toEqual(told)
})

test('a call and its outcome', () => {
  const passages = tell([
    event(1, { type: 'tool-started', callId: '1', tool: 'Bash', input: { command: 'ls' } }),
    event(2, { type: 'tool-ended', callId: '1', failed: true, output: 'no' }),
    event(3, { type: 'tool-ended', callId: '2', failed: false, output: 'yes' }),
  ])
  expect(passages).toEqual([
    { type: 'call-started', at: 1, callId: '1', call: 'Bash {"command":"ls"}' },
    { type: 'call-ended', at: 2, callId: '1', tool: 'Bash', problem: 'no' },
    { type: 'call-ended', at: 3, callId: '2', tool: 'a tool' },
  ])
})

import type { AgentSummary } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { agentOf, questionOf, turnOf } from './agents.test.support.js'
import { describeAgentOutcome } from './agent-lines.js'

const failure = { reason: 'rate-limited', message: 'too\nmuch', hint: 'wait' } as const
const why = 'rate-limited: too much (wait)'
const rows: [agent: Partial<AgentSummary>, text: string][] = [
  [{}, 'k3f9 is processing'],
  [{ name: 'fix \u001b[1mit', status: 'stalled' }, 'k3f9 "fix \\u{1b}[1mit" is stalled'],
  [{ status: 'finished', turns: [turnOf()] }, 'k3f9 finished in 20 s on claude/opus, 12k tokens in, 800 out'],
  [
    { status: 'errored', turns: [turnOf({ status: 'errored', usage: {} })], failure },
    'k3f9 errored after 20 s on claude/opus: rate-limited: too much (wait)',
  ],
  [{ status: 'errored', failure }, 'k3f9 errored: rate-limited: too much (wait)'],
  [{ status: 'stopped', turns: [turnOf()] }, 'k3f9 stopped'],
  [{ status: 'interrupted', queuedMessages: 1 }, 'k3f9 interrupted, 1 message NOT delivered'],
  [{ status: 'errored', failure, queuedMessages: 2 }, `k3f9 errored: ${why}, 2 messages NOT delivered`],
  [{ queuedMessages: 2 }, 'k3f9 is processing'],
  [
    {
      status: 'permission_requested',
      permissions: [questionOf({ call: 'Bash {"command":"ls"}' })],
    },
    'k3f9 asks permission: Bash {"command":"ls"}',
  ],
]
test.each(rows)('%j', (agent, text) => {
  expect(describeAgentOutcome(agentOf(agent))).toBe(text)
})

import type { AgentSummary } from '@subagent-mcp/api'
import { expect, test } from 'vitest'
import { createPsTableColumns } from './agent-list.js'
import { agentOf, now, questionOf, turnOf } from '../../terminal/agents.test.support.js'

const row = (agent: Partial<AgentSummary>): Record<string, string> => {
  const columns = createPsTableColumns({ now, asOf: now - 1_000, home: '/home/me' })
  return Object.fromEntries(columns.map(([title, text]) => [title, text(agentOf(agent))]))
}

test('an agent that works', () => {
  expect(row({ name: 'fix', turnCount: 1, turns: [turnOf()] })).toEqual({
    ID: 'k3f9',
    NAME: 'fix',
    MODEL: 'claude/opus',
    STATUS: 'processing',
    AGE: '3m',
    IDLE: '3s',
    TURNS: '1',
    TOKENS: '13k',
    FOLDER: '~/app',
    NOW: 'Bash {"command":"npm test"}',
  })
})

const failure = { reason: 'crashed', message: 'it fell over' } as const
const recent = (kind: AgentSummary['recent'][number]['kind'], text: string): Partial<AgentSummary> => ({
  recent: [{ at: now, kind, text }],
})
const parts: [agent: Partial<AgentSummary>, cells: object][] = [
  [{ status: 'queued', alive: false, recent: [] }, { NOW: 'waits for room' }],
  [{ recent: [] }, { NOW: 'starts' }],
  [recent('thinking', ''), { NOW: 'thinking' }],
  [recent('text', 'a\n\u001b[2Jb'), { NOW: 'a b' }],
  [recent('writing', 'x'.repeat(100) + ' the end'), { NOW: `…${'x'.repeat(52)} the end` }],
  [recent('retry', 'overloaded'), { NOW: 'retry overloaded' }],
  [{ ...recent('text', 'a'), queuedMessages: 2 }, { NOW: '2 queued; a' }],
  [
    { status: 'permission_requested', permissions: [questionOf()] },
    { STATUS: 'permission?', NOW: 'Bash {}' },
  ],
  [
    { status: 'permission_requested', permissions: [questionOf({ until: now + 240_000, humanOnly: false })] },
    { NOW: '4m left: Bash {}' },
  ],
  [
    { status: 'permission_requested', permissions: [questionOf({ until: now + 30_000, humanOnly: true })] },
    { NOW: 'person only, 30s left: Bash {}' },
  ],
  [{ status: 'errored', failure }, { NOW: 'crashed: it fell over' }],
  [{ status: 'finished' }, { NOW: '' }],
  [{ status: 'interrupted', queuedMessages: 1 }, { NOW: '1 message NOT delivered' }],
  [
    { status: 'errored', failure, queuedMessages: 2 },
    { NOW: '2 messages NOT delivered; crashed: it fell over' },
  ],
  [{ turnCount: 1, turns: [turnOf({ usage: {} })] }, { TOKENS: '' }],
  [{ turnCount: 12, turns: [turnOf()] }, { TOKENS: '13k+' }],
  [{ cwd: '/home/me' }, { FOLDER: '~' }],
  [{ cwd: '/home/mean' }, { FOLDER: '/home/mean' }],
]
test.each(parts)('%j', (agent, cells) => {
  expect(row(agent)).toMatchObject(cells)
})

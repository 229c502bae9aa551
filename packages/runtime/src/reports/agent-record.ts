import type { RecapAgent } from '@subagent-mcp/api'
import type { Failure, SessionEvent } from '@subagent-mcp/contract'
import type { Agent, Fact } from '@subagent-mcp/core'
import { cutToOneLine } from '@subagent-mcp/mcp-server'
import { createToolCallRecorder, type ToolCallRecorder } from './call-record.js'

/** What one agent did, as the recap shows it, derived from the agent's journaled facts. */
export type AgentRecord = ReturnType<ToolCallRecorder['record']> &
  Pick<RecapAgent, 'launched' | 'grades' | 'failures'>

/** Collects what one agent did from its facts, which come in order. */
export type AgentRecorder = { note(fact: Fact, seq: number): void; record(): AgentRecord }

const longestText = 300

/** Events that only a running turn has. */
const startsWork = new Set<SessionEvent['type']>([
  ...(['text-delta', 'thinking-advanced', 'message-ended', 'tool-started'] as const),
  'approval-requested',
])

export function createAgentRecorder(agent: Agent): AgentRecorder {
  const calls = createToolCallRecorder(agent)
  const grades: RecapAgent['grades'][number][] = []
  const failures: RecapAgent['failures'][number][] = []
  let launched: RecapAgent['launched']
  let isInTurn = false
  return {
    note: (fact, seq) => {
      const place = { seq, at: fact.at }
      calls.note(fact, place)
      switch (fact.type) {
        case 'launch-requested':
          launched = { ...place, prompt: shown(fact.prompt.text) }
          return
        case 'session-open-failed':
          failures.push({ ...place, ...failureOf(fact.failure) })
          return
        case 'session-event-received':
          isInTurn = fact.event.type !== 'turn-ended' && (isInTurn || startsWork.has(fact.event.type))
          if (fact.event.type === 'turn-ended' && fact.event.outcome.type === 'failed')
            failures.push({ ...place, ...failureOf(fact.event.outcome.failure) })
          return
        case 'turn-checked':
          grades.push({ ...place, grade: fact.verdict.check.grade })
          return
        case 'result-graded':
          grades.push({ ...place, grade: fact.check.grade })
          return
        case 'recovered':
          if (isInTurn)
            calls.missed('what its CLI did after the daemon had crashed, before it was ended', place)
          return
        case 'release-requested':
          calls.missed('what happened in its own CLI, after attach', place)
          return
        default:
          return
      }
    },
    record: () => ({ ...calls.record(), ...(launched && { launched }), grades, failures }),
  }
}

function failureOf({ reason, message }: Failure): Pick<Failure, 'reason' | 'message'> {
  return { reason, message: shown(message) }
}

function shown(text: string): string {
  return cutToOneLine(text, longestText)
}

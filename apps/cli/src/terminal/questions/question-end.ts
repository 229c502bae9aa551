import type { Fact } from '@subagent-mcp/core'
import { mayEnd } from '../may-end.js'
import type { Question, QuestionEnd } from './question-text.js'

/** What became of a question with a fact, if it is over. */
export function questionEnd(
  fact: Fact,
  { agentId, requestId, parked }: Pick<Question, 'agentId' | 'requestId' | 'parked'>,
): QuestionEnd | undefined {
  if (!('agentId' in fact) || fact.agentId !== agentId) return undefined
  const { at } = fact
  // No turn waits for a parked question: it ends with its answer, or when the agent is stopped.
  if (parked ? fact.type === 'stop-requested' : mayEnd(fact)) return { at, event: 'withdrawn' }
  if (fact.type === 'question-expired' && fact.requestId === requestId)
    return { at, event: 'denied', through: 'deadline' }
  if (fact.type === 'answer-requested' && fact.requestId === requestId) {
    const { decision, by: through, who, reason: why } = fact
    const event = decision === 'allow' ? 'allowed' : 'denied'
    return { at, event, through, who, ...(why !== undefined && { why }) }
  }
  if (fact.type !== 'session-event-received' || fact.event.type !== 'approval-withdrawn') return undefined
  return fact.event.requestId === requestId ? { at, event: 'withdrawn' } : undefined
}

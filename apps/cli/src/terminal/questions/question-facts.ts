import { isDecidedByPolicy, type Fact } from '@subagent-mcp/core'
import { mayFactEndAgentTurn } from '../known-facts.js'
import type { ShownRequest, PermissionRequestEnd } from './question-text.js'

/** The fact that an agent requested a permission. */
export type PermissionAskedFact = Fact & {
  type: 'session-event-received'
  event: { type: 'approval-requested' }
}

/** Whether an agent asks for a permission that the policy leaves to a person or another caller. */
export function asksPermission(fact: Fact): fact is PermissionAskedFact {
  if (fact.type !== 'session-event-received' || fact.event.type !== 'approval-requested') return false
  return !isDecidedByPolicy(fact.ruling)
}

/** Returns the permission request in a fact. It may have been answered since. */
export function readAskedPermissionRequest({
  at,
  agentId,
  event,
  ruling,
}: PermissionAskedFact): ShownRequest & { askedAt: number } {
  const { requestId, tool, input } = event
  const about = { agentId, requestId, tool, input, askedAt: at }
  if (ruling?.verdict !== 'ask') return about
  const { by, humanOnly, until, shownTo } = ruling
  return {
    ...about,
    by,
    humanOnly,
    ...(until !== undefined && { until }),
    ...(shownTo !== undefined && { shown: true }),
  }
}

/** Returns how a permission request ended with a fact; `undefined` while it is open. */
export function readPermissionEnd(
  fact: Fact,
  { agentId, requestId, parked }: Pick<ShownRequest, 'agentId' | 'requestId' | 'parked'>,
): PermissionRequestEnd | undefined {
  if (!('agentId' in fact) || fact.agentId !== agentId) return undefined
  const { at } = fact
  // No turn waits for a parked question: it ends with its answer, or when the agent is stopped.
  const isOver = fact.type !== 'interrupt-requested' && mayFactEndAgentTurn(fact)
  if (parked ? fact.type === 'stop-requested' : isOver) return { at, event: 'withdrawn' }
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

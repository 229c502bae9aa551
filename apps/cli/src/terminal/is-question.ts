import { isAnsweredByPolicy, type Fact } from '@subagent-mcp/core'

/** Whether an agent asks for a permission which the policy does not answer at once. */
export function isQuestion(fact: Fact): fact is AskedFact {
  if (fact.type !== 'session-event-received' || fact.event.type !== 'approval-requested') return false
  return !isAnsweredByPolicy(fact.ruling)
}

/** The fact that an agent asks. */
export type AskedFact = Fact & { type: 'session-event-received'; event: { type: 'approval-requested' } }

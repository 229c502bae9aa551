import type { ApprovalRequest } from '@subagent-mcp/contract'
import { describeMember } from './end-member.js'
import type { Member } from '../state/member.js'
import type { PoolState } from '../state/pool-state.js'
import type { PolicyAnswer } from '../policy.js'
import type { PoolStep } from '../state/step.js'

/** Answers a question in a turn of our own as the policy says; `undefined` where it would ask a person. */
export function answerByPolicy(
  state: PoolState,
  member: Member,
  { request, ruling }: { request: ApprovalRequest; ruling: PolicyAnswer | undefined },
): PoolStep | undefined {
  const { requestId, tool } = request
  if (ruling?.verdict === 'allow') {
    const command = { type: 'answer', requestId, decision: 'allow' } as const
    return [state, { type: 'send', memberId: member.id, command }]
  }
  if (ruling?.verdict !== 'deny') return undefined
  const [next, ...effects] = denyQuestion(
    state,
    member,
    requestId,
    `not allowed here (${ruling.by}): do without it`,
  )
  const line = `${describeMember(state, member)} was denied ${tool} before its task: ${ruling.by}`
  return [next, ...effects, { type: 'log', line }]
}

/**
 * Denies what nobody is there to be asked about: a session must not be left waiting. No reason where no turn goes on: a CLI
 * may take it as a message, which is not to reach the next task.
 */
export function denyQuestion(
  state: PoolState,
  { id: memberId }: Member,
  requestId: string,
  reason?: string,
): PoolStep {
  const why = reason !== undefined && { reason }
  const command = { type: 'answer', requestId, decision: 'deny', ...why } as const
  return [state, { type: 'send', memberId, command }]
}

import type { ApprovalRequest } from '@subagent-mcp/contract'
import { describePoolMember } from './end-pool-member.js'
import type { PoolMember } from '../state/pool-member.js'
import type { PoolState } from '../state/pool-state.js'
import type { PoolPolicyDecision } from '../pool-policy.js'
import type { PoolStep } from '../state/pool-step.js'

/** Answers a call outside of a task by the policy. Returns `undefined` where the policy asks. */
export function answerQuestionByPoolPolicy(
  state: PoolState,
  member: PoolMember,
  { request, ruling }: { request: ApprovalRequest; ruling: PoolPolicyDecision | undefined },
): PoolStep | undefined {
  const { requestId, tool } = request
  if (ruling?.verdict === 'allow') {
    const command = { type: 'answer', requestId, decision: 'allow' } as const
    return [state, { type: 'send', memberId: member.id, command }]
  }
  if (ruling?.verdict !== 'deny') return undefined
  const [next, ...effects] = denyUnaskableCall(
    state,
    member,
    requestId,
    `not allowed here (${ruling.by}): do without it`,
  )
  const line = `${describePoolMember(state, member)} was denied ${tool} before its task: ${ruling.by}`
  return [next, ...effects, { type: 'log', line }]
}

/**
 * Denies a tool call that nobody can be asked about, because a session must not wait forever. The reason is left out
 * where no turn runs: a CLI may keep it as a message, which would reach the next task.
 */
export function denyUnaskableCall(
  state: PoolState,
  { id: memberId }: PoolMember,
  requestId: string,
  reason?: string,
): PoolStep {
  const why = reason !== undefined && { reason }
  const command = { type: 'answer', requestId, decision: 'deny', ...why } as const
  return [state, { type: 'send', memberId, command }]
}

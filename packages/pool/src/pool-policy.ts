import type { ApprovalRequest } from '@subagent-mcp/contract'
import { getMemberPoolSpec, type PoolState } from './state/pool-state.js'
import type { PoolSpec } from './pool-spec.js'

/** The policy's decision on a call, and the part of the policy that decided, such as `rule Bash(rm:*)`. */
export type PoolPolicyDecision = { verdict: 'allow' | 'deny' | 'ask'; by: string }

/** Decides a call that a pooled process makes outside of a task. */
export type PoolPolicy = (
  poolSpec: PoolSpec,
  request: Pick<ApprovalRequest, 'tool' | 'input'>,
) => PoolPolicyDecision

/** Asks the pool's policy about a tool call outside of a task. Returns `undefined` during a lease. */
export function askPoolPolicy(
  policy: PoolPolicy,
  state: PoolState,
  { memberId, request }: { memberId: number; request: ApprovalRequest },
): PoolPolicyDecision | undefined {
  const member = state.members.get(memberId)
  if (member?.phase.status !== 'priming' && member?.phase.status !== 'caching') return undefined
  try {
    return policy(getMemberPoolSpec(state, member), request)
  } catch (error) {
    // If the policy fails, the call is not allowed.
    return { verdict: 'ask', by: `the policy failed: ${String(error)}` }
  }
}

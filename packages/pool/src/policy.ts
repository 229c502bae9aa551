import type { ApprovalRequest } from '@subagent-mcp/contract'
import { specOf, type PoolState } from './state/pool-state.js'
import type { PoolSpec } from './pool-spec.js'

/** What the policy says of a call, and by what of it, as `rule Bash(rm:*)`. */
export type PolicyAnswer = { verdict: 'allow' | 'deny' | 'ask'; by: string }

/** Holds a call of a process, in a turn that is no task's, against what its pool spec may do. */
export type PoolPolicy = (
  poolSpec: PoolSpec,
  request: Pick<ApprovalRequest, 'tool' | 'input'>,
) => PolicyAnswer

/** What comes in with a question of a member: nothing outside of a turn of our own, as a lease holder has its own policy. */
export function answerOfPolicy(
  policy: PoolPolicy,
  state: PoolState,
  { memberId, request }: { memberId: number; request: ApprovalRequest },
): PolicyAnswer | undefined {
  const member = state.members.get(memberId)
  if (member?.phase.status !== 'priming' && member?.phase.status !== 'caching') return undefined
  try {
    return policy(specOf(state, member), request)
  } catch (error) {
    // A policy that fails lets nothing pass.
    return { verdict: 'ask', by: `the policy failed: ${String(error)}` }
  }
}

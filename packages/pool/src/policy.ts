import type { ApprovalRequest } from '@subagent-mcp/contract'
import { recipeOf, type PoolState } from './state/pool-state.js'
import type { Recipe } from './pool-spec.js'

/** What the policy says of a call, and by what of it, as `rule Bash(rm:*)`. */
export type Ruling = { verdict: 'allow' | 'deny' | 'ask'; by: string }

/** Holds a call of a process, in a turn that is no task's, against what its recipe may do. */
export type RecipeRule = (recipe: Recipe, request: Pick<ApprovalRequest, 'tool' | 'input'>) => Ruling

/** What comes in with a question of a member: nothing outside of a turn of our own, as a lessee has its own policy. */
export function ruleQuestion(
  rule: RecipeRule,
  state: PoolState,
  { memberId, request }: { memberId: number; request: ApprovalRequest },
): Ruling | undefined {
  const member = state.members.get(memberId)
  if (member?.phase.status !== 'priming' && member?.phase.status !== 'caching') return undefined
  try {
    return rule(recipeOf(state, member), request)
  } catch (error) {
    // A policy that fails lets nothing pass.
    return { verdict: 'ask', by: `the policy failed: ${String(error)}` }
  }
}

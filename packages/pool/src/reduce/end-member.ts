import type { CloseMode, Failure, SessionEvent } from '@subagent-mcp/contract'
import { failClaims } from '../state/claims.js'
import type { Effect } from '../state/effect.js'
import { lostWhileStarting } from '../state/failures.js'
import type { Member, MemberPhase, Owed } from '../state/member.js'
import { put, recipeOf, without, type PoolState } from '../state/pool-state.js'
import type { Step } from '../state/step.js'

/** How a member is ended, and what those hear of it who did not ask for it. */
export type End = { mode: CloseMode; why: Failure }

/** Ends a member, or hurries its end. */
export function endMember(state: PoolState, member: Member, { mode, why }: End): Step {
  const phase = { status: 'closing', owed: owedIn(member.phase, why) } as const
  return [put(state, { ...member, phase }), { type: 'close', memberId: member.id, mode }]
}

/** Ends a member that went wrong, at once. */
export function discard(state: PoolState, member: Member, why: Failure): Step {
  const [next, ...effects] = endMember(state, member, { mode: 'kill', why })
  return [next, ...effects, { type: 'log', line: `${nameOf(state, member)} is discarded: ${why.message}` }]
}

/** A member in words, for the log. */
export function nameOf(state: PoolState, member: Member): string {
  const { pid } = member
  return `a process of ${recipeOf(state, member).agent}${pid === undefined ? '' : ` (pid ${pid})`}`
}

/** No process of the member is left. `why` is missing when its session said none. */
export function buryMember(state: PoolState, member: Member, why: Failure | undefined): Step {
  return [
    without(state, member),
    ...settleUp(owedIn(member.phase, why)),
    { type: 'forget', memberId: member.id },
  ]
}

function owedIn(phase: MemberPhase, failure: Failure | undefined): Owed {
  switch (phase.status) {
    case 'idle':
      return { type: 'nobody' }
    case 'leased':
      return { type: 'lessee', leaseId: phase.leaseId, asked: phase.settling !== undefined, failure }
    case 'resetting':
      return phase.after.type === 'cache'
        ? { type: 'claims', claims: phase.after.claims, failure }
        : { type: 'lessee', leaseId: phase.after.leaseId, asked: true, failure }
    case 'closing':
      return phase.owed
    default:
      return { type: 'claims', claims: phase.claims, failure }
  }
}

function settleUp(owed: Owed): Effect[] {
  if (owed.type === 'nobody') return []
  if (owed.type === 'claims') return failClaims(owed.claims, owed.failure ?? lostWhileStarting)
  const { leaseId, asked, failure } = owed
  const event: SessionEvent = { type: 'session-closed', ...(!asked && failure && { failure }) }
  return [{ type: 'end-lease', leaseId, event }]
}

import { poolTurnLimitMs } from '../state/pool-deadlines.js'
import type { PoolEffect } from '../state/pool-effect.js'
import type { PoolFactStamp } from '../state/pool-fact.js'
import { findClaimedLeaseId, type PoolClaim, type PoolMember } from '../state/pool-member.js'
import { storePoolMember, getMemberPoolSpec, type PoolState } from '../state/pool-state.js'
import { createPooledProcessView } from '../state/pooled-processes.js'
import { leaseIdleMember, makeMemberIdle } from './idle-members.js'
import { applyNextPoolStep, type PoolStep } from '../state/pool-step.js'

export type ClaimedPoolMember = { member: PoolMember; claims: readonly PoolClaim[] }

/** Sends the prime prompt to a member's new session. Without a prime prompt the member is ready immediately. */
export function primePoolMember(
  state: PoolState,
  { member, claims }: ClaimedPoolMember,
  { at, id }: PoolFactStamp,
): PoolStep {
  const text = getMemberPoolSpec(state, member).prime
  if (text === undefined) return giveMemberToFirstClaim(state, { member, claims }, { at, id })
  const phase = { status: 'priming', claims, turnId: id, until: at + poolTurnLimitMs } as const
  return [storePoolMember(state, { ...member, phase }), prompt(member, { turnId: id, text })]
}

/** Gives a ready pool member to its first claim: a lease, or a warm-up with a cache turn. Otherwise it becomes idle. */
export function giveMemberToFirstClaim(
  state: PoolState,
  { member, claims }: ClaimedPoolMember,
  stamp: PoolFactStamp,
): PoolStep {
  const leaseId = findClaimedLeaseId(claims)
  if (leaseId !== undefined) {
    const begun = leaseIdleMember(state, member, { leaseId, at: stamp.at })
    return applyNextPoolStep(begun, (next) => answerWarmClaims(next, { member, claims }))
  }
  if (claims.some((claim) => claim.type === 'warm' && claim.cache))
    return startPromptCacheTurn(state, { member, claims }, stamp)
  return applyNextPoolStep(makeMemberIdle(state, member, stamp.at), (next) =>
    answerWarmClaims(next, { member, claims }),
  )
}

/** Runs a turn whose only purpose is to fill the provider's prompt cache. */
export function startPromptCacheTurn(
  state: PoolState,
  { member, claims }: ClaimedPoolMember,
  { at, id }: PoolFactStamp,
): PoolStep {
  const phase = {
    status: 'caching',
    claims: claims.map(claimWithoutCacheTurn),
    turnId: id,
    until: at + poolTurnLimitMs,
  } as const
  return [storePoolMember(state, { ...member, phase }), prompt(member, { turnId: id, text: cachePrompt })]
}

/** Returns the claim without its request for a turn that fills the prompt cache. */
export function claimWithoutCacheTurn(claim: PoolClaim): PoolClaim {
  return claim.type === 'warm' ? { ...claim, cache: false } : claim
}

const cachePrompt = 'Reply with OK and nothing else.'

function prompt({ id }: PoolMember, { turnId, text }: { turnId: string; text: string }): PoolEffect {
  return { type: 'send', memberId: id, command: { type: 'prompt', turnId, text } }
}

function answerWarmClaims(state: PoolState, { member: { id }, claims }: ClaimedPoolMember): PoolStep {
  const member = state.members.get(id)
  if (!member) return [state]
  const process = createPooledProcessView(state, member)
  const told = claims.flatMap((claim): PoolEffect[] =>
    claim.type === 'warm'
      ? [{ type: 'answer-warm', waitId: claim.waitId, outcome: { type: 'warm', process } }]
      : [],
  )
  return [state, ...told]
}

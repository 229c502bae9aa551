import type { Failure, SessionEvent } from '@subagent-mcp/contract'

export type PoolMember = {
  id: number
  /** The key of the member's spec. */
  key: string
  /** The number of the member's shared process; only where sessions share one. */
  generation: number | undefined
  startedAt: number
  pid: number | undefined
  notes: readonly string[] | undefined
  identity: SessionIdentifiedEvent | undefined
  tasks: number
  /** The memory of the member's process in bytes, when it was measured last. */
  memory: number | undefined
  lastResetAt: number | undefined
  phase: PoolMemberPhase
}

export type SessionIdentifiedEvent = SessionEvent & { type: 'session-identified' }

export type PoolMemberPhase =
  | MemberStartingPhase
  | MemberCachingPhase
  | MemberIdlePhase
  | MemberLeasedPhase
  | MemberResettingPhase
  | MemberClosingPhase

/** The member's session opens or runs its prime prompt. Its claims are served afterwards. */
export type MemberStartingPhase =
  | { status: 'opening'; claims: readonly PoolClaim[] }
  | { status: 'priming'; claims: readonly PoolClaim[]; turnId: string; until: number }

/** The member runs a turn that fills the provider's prompt cache. */
export type MemberCachingPhase = {
  status: 'caching'
  claims: readonly PoolClaim[]
  turnId: string
  until: number
}

/** The member is ready for a task. */
export type MemberIdlePhase = { status: 'idle'; since: number }

export type MemberLeasedPhase = {
  status: 'leased'
  leaseId: string
  turns: readonly string[]
  /** The id of the running turn. */
  running: string | undefined
  steered: boolean
  /** The lease holder has changed something that a reset does not restore. */
  changed: boolean
  /** Set when the lease holder has closed: the time by which the interrupted turn must end. */
  settleBy: number | undefined
}

/** The member's session is being reset, after a task or after a cache turn. */
export type MemberResettingPhase = {
  status: 'resetting'
  after: { type: 'lease'; leaseId: string } | { type: 'cache'; claims: readonly PoolClaim[] }
  /** Whether the prime prompt must run again after the reset. */
  primes: boolean
  until: number
}

/** The member's session closes. `owed` names who is notified when it is gone. */
export type MemberClosingPhase = { status: 'closing'; owed: PoolMemberEndNotice }

/** Why a member is made ready: a lease, a warm-up, or the pool's stock. It has at most one lease. */
export type PoolClaim =
  | { type: 'lease'; leaseId: string }
  | { type: 'warm'; waitId: string; cache: boolean }
  | { type: 'stock' }

/** The recipients of the notice of a member's end. `asked`: the lease holder closed it, and gets no other event. */
export type PoolMemberEndNotice =
  | { type: 'lease-holder'; leaseId: string; asked: boolean; failure: Failure | undefined }
  | { type: 'claims'; claims: readonly PoolClaim[]; failure: Failure | undefined }
  | { type: 'nobody' }

/** The id of the lease that has the pool member or will get it; `undefined` after the lease has ended. */
export function getMemberLeaseId({ phase }: PoolMember): string | undefined {
  switch (phase.status) {
    case 'leased':
      return phase.leaseId
    case 'resetting':
      return phase.after.type === 'lease' ? phase.after.leaseId : undefined
    case 'idle':
      return undefined
    case 'closing':
      if (phase.owed.type === 'lease-holder') return phase.owed.leaseId
      return phase.owed.type === 'claims' ? findClaimedLeaseId(phase.owed.claims) : undefined
    default:
      return findClaimedLeaseId(phase.claims)
  }
}

export function findClaimedLeaseId(claims: readonly PoolClaim[]): string | undefined {
  return claims.find((claim) => claim.type === 'lease')?.leaseId
}

export function isMemberStarting(member: PoolMember): member is PoolMember & { phase: MemberStartingPhase } {
  return member.phase.status === 'opening' || member.phase.status === 'priming'
}

export function isMemberIdle(member: PoolMember): member is PoolMember & { phase: MemberIdlePhase } {
  return member.phase.status === 'idle'
}

import type { Failure, SessionEvent } from '@subagent-mcp/contract'

/** One warm session, or one on its way to be or to end. */
export type Member = {
  id: number
  /** Of its pool spec. */
  key: string
  /** Which of the provider's processes, one after the other, it is in; only where sessions share one. */
  generation: number | undefined
  startedAt: number
  pid: number | undefined
  /** What its driver said when it opened. */
  notes: readonly string[] | undefined
  /** How its session was called last. */
  identity: SessionIdentity | undefined
  /** Served by now. */
  tasks: number
  /** In bytes, when it was last measured. */
  memory: number | undefined
  lastResetAt: number | undefined
  phase: MemberPhase
}

/** How a session is called. */
export type SessionIdentity = SessionEvent & { type: 'session-identified' }

/** Where a member is in its life. */
export type MemberPhase = Starting | Caching | Idle | Leased | Resetting | Closing

/** Its session opens, or takes in what its tasks start from. It may be claimed meanwhile. */
export type Starting =
  | { status: 'opening'; claims: readonly MemberClaim[] }
  | { status: 'priming'; claims: readonly MemberClaim[]; turnId: string; until: number }

/** A turn of our own, which fills the provider's prompt cache. */
export type Caching = { status: 'caching'; claims: readonly MemberClaim[]; turnId: string; until: number }

/** It has nothing to forget, and waits. */
export type Idle = { status: 'idle'; since: number }

/** It is somebody's, for one task. */
export type Leased = {
  status: 'leased'
  leaseId: string
  /** Turns that were begun in it. */
  turns: readonly string[]
  /** The turn that has not ended. */
  running: string | undefined
  steered: boolean
  /** Its lease holder has changed what a reset does not bring back. */
  changed: boolean
  /** The lease holder has closed it: until then its turn may take to end. */
  settleBy: number | undefined
}

/** It forgets, after a task or after the turn that filled the cache. */
export type Resetting = {
  status: 'resetting'
  after: { type: 'lease'; leaseId: string } | { type: 'cache'; claims: readonly MemberClaim[] }
  /** What its tasks start from is forgotten too. */
  primes: boolean
  until: number
}

/** It ends. Who waits for it, or for its end, is told when it is gone. */
export type Closing = { status: 'closing'; owed: EndNotice }

/** What a member is made ready for; `stock` is the pool itself. Only one lease can claim a member. */
export type MemberClaim =
  | { type: 'lease'; leaseId: string }
  | { type: 'warm'; waitId: string; cache: boolean }
  | { type: 'stock' }

/** Whom the end of a member concerns. A lease holder that has `asked` for it hears of nothing else any more. */
export type EndNotice =
  | { type: 'lease-holder'; leaseId: string; asked: boolean; failure: Failure | undefined }
  | { type: 'claims'; claims: readonly MemberClaim[]; failure: Failure | undefined }
  | { type: 'nobody' }

/** The lease that has the member, or is to have it; none once the lease holder has been told that it is over. */
export function leaseOf({ phase }: Member): string | undefined {
  switch (phase.status) {
    case 'leased':
      return phase.leaseId
    case 'resetting':
      return phase.after.type === 'lease' ? phase.after.leaseId : undefined
    case 'idle':
      return undefined
    case 'closing':
      if (phase.owed.type === 'lease-holder') return phase.owed.leaseId
      return phase.owed.type === 'claims' ? claimingLease(phase.owed.claims) : undefined
    default:
      return claimingLease(phase.claims)
  }
}

/** The lease among claims. */
export function claimingLease(claims: readonly MemberClaim[]): string | undefined {
  return claims.find((claim) => claim.type === 'lease')?.leaseId
}

/** Whether a member starts. */
export function isStarting(member: Member): member is Member & { phase: Starting } {
  return member.phase.status === 'opening' || member.phase.status === 'priming'
}

/** Whether a member can be leased at once. */
export function isIdle(member: Member): member is Member & { phase: Idle } {
  return member.phase.status === 'idle'
}

import type { SessionCloseMode, Failure, SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import type { PoolSpec } from '../pool-spec.js'
import type { PoolPolicyDecision } from '../pool-policy.js'

/** The time of a pool fact, and a new UUID for a turn that the fact may start. */
export type PoolFactStamp = { at: number; id: string }

/** A fact of the pool: an event or a request, with its time and id. */
export type PoolFact = PoolFactStamp & UnstampedPoolFact

/** A fact of the pool, to which `createShell` adds time and id. */
export type UnstampedPoolFact =
  | { type: 'spec-added'; key: string; lane: string; poolSpec: PoolSpec }
  | { type: 'lease-requested'; leaseId: string; key: string }
  /** The caller no longer waits for its session to open. */
  | { type: 'lease-abandoned'; leaseId: string }
  | { type: 'lease-commanded'; leaseId: string; command: SessionCommand }
  | { type: 'lease-closed'; leaseId: string; mode: SessionCloseMode }
  | { type: 'warm-requested'; waitId: string; key: string; cache: boolean }
  | { type: 'warm-abandoned'; waitId: string }
  | { type: 'members-retired'; memberIds: readonly number[] }
  | { type: 'agent-reset'; agent: string; project: string }
  | { type: 'pool-closed' }
  | { type: 'time-passed' }
  | UnstampedPoolMemberFact

/** A fact about one pool member, without its time and id. */
export type UnstampedPoolMemberFact = { memberId: number } & (
  | { type: 'member-opened'; pid?: number; notes?: readonly string[] }
  | { type: 'member-open-failed'; failure: Failure }
  /** `memory` is set after a reset, if it was measured; `ruling` with a question outside of a task. */
  | { type: 'member-said'; event: SessionEvent; memory?: number; ruling?: PoolPolicyDecision }
  /** The closed session has no process left. */
  | { type: 'member-gone' }
)

export type PoolMemberFact = PoolFactStamp & UnstampedPoolMemberFact

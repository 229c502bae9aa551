import type { CloseMode, Failure, SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import type { PoolSpec } from '../pool-spec.js'
import type { PolicyAnswer } from '../policy.js'

/** When a fact came to be, with a fresh UUID for the turn that it may begin. */
export type Stamp = { at: number; id: string }

/** Something that happened. */
export type PoolFact = Stamp & UnstampedFact

/** What happened, without the stamp. */
export type UnstampedFact =
  | { type: 'spec-added'; key: string; lane: string; poolSpec: PoolSpec }
  | { type: 'lease-requested'; leaseId: string; key: string }
  /** Nobody waits for its opening any more. */
  | { type: 'lease-abandoned'; leaseId: string }
  | { type: 'lease-commanded'; leaseId: string; command: SessionCommand }
  | { type: 'lease-closed'; leaseId: string; mode: CloseMode }
  | { type: 'warm-requested'; waitId: string; key: string; cache: boolean }
  | { type: 'warm-abandoned'; waitId: string }
  | { type: 'members-retired'; memberIds: readonly number[] }
  | { type: 'agent-reset'; agent: string; project: string }
  | { type: 'pool-closed' }
  | { type: 'time-passed' }
  | UnstampedMemberFact

/** What became of a member. */
export type UnstampedMemberFact = { memberId: number } & (
  | { type: 'member-opened'; pid?: number; notes?: readonly string[] }
  | { type: 'member-open-failed'; failure: Failure }
  /** `memory` where it was measured, when a reset is done; `ruling` with a question in a turn of our own. */
  | { type: 'member-said'; event: SessionEvent; memory?: number; ruling?: PolicyAnswer }
  /** No process of it is left, after it was told to close. */
  | { type: 'member-gone' }
)

export type MemberFact = Stamp & UnstampedMemberFact

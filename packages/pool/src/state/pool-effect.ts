import type { PooledProcess } from '@subagent-mcp/api'
import type {
  SessionCloseMode,
  Failure,
  SessionCommand,
  SessionEvent,
  SessionSpec,
} from '@subagent-mcp/contract'
import type { SessionIdentifiedEvent } from './pool-member.js'

/** An action of the pool. Its outcome comes back as a fact, also when it fails. */
export type PoolEffect = PoolMemberEffect | PoolLeaseEffect | PoolWarmUpEffect | { type: 'log'; line: string }

/** An effect on the session of a member. */
export type PoolMemberEffect = { memberId: number } &
  /** `spare`: no task waits for it, so it is opened only where there is room. */
  (
    | { type: 'open'; provider: string; spec: SessionSpec; spare?: true }
    | { type: 'send'; command: SessionCommand }
    /** Cancels the opening of a session that is not open yet. */
    | { type: 'close'; mode: SessionCloseMode }
    /** Drops the record of a member that is gone. */
    | { type: 'forget' }
  )

export type PoolLeaseEffect = { leaseId: string } & (
  | {
      type: 'open-lease'
      identity: SessionIdentifiedEvent | undefined
      notes: readonly string[] | undefined
      pid: number | undefined
    }
  | { type: 'fail-lease'; failure: Failure }
  | { type: 'tell'; event: SessionEvent }
  | { type: 'end-lease'; event: SessionEvent & { type: 'session-closed' } }
)

/** An effect of the pool that answers a caller of `warm`. */
export type PoolWarmUpEffect = { type: 'answer-warm'; waitId: string; outcome: PoolWarmUpOutcome }

export type PoolWarmUpOutcome =
  | { type: 'warm'; process: PooledProcess }
  | { type: 'failed'; failure: Failure }

import type { PooledProcess } from '@subagent-mcp/api'
import type { CloseMode, Failure, SessionCommand, SessionEvent, SessionSpec } from '@subagent-mcp/contract'
import type { SessionIdentity } from './member.js'

/** A thing to do. What it leads to comes back as a fact, also when it fails. */
export type PoolEffect = MemberEffect | LeaseEffect | WarmEffect | { type: 'log'; line: string }

/** Something to do to a member. */
export type MemberEffect = { memberId: number } &
  /** `spare`: nobody waits for it, so that it is opened only where there is room. */
  (
    | { type: 'open'; provider: string; spec: SessionSpec; spare?: true }
    | { type: 'send'; command: SessionCommand }
    /** One that is not open yet is called off. */
    | { type: 'close'; mode: CloseMode }
    /** It is gone. */
    | { type: 'forget' }
  )

/** Something to tell a lease holder. */
export type LeaseEffect = { leaseId: string } & (
  | {
      type: 'open-lease'
      identity: SessionIdentity | undefined
      notes: readonly string[] | undefined
      pid: number | undefined
    }
  | { type: 'fail-lease'; failure: Failure }
  | { type: 'tell'; event: SessionEvent }
  | { type: 'end-lease'; event: SessionEvent & { type: 'session-closed' } }
)

/** Something to tell whoever waits for a warm process. */
export type WarmEffect = { type: 'answer-warm'; waitId: string; outcome: WarmOutcome }

/** How warming ended. */
export type WarmOutcome = { type: 'warm'; process: PooledProcess } | { type: 'failed'; failure: Failure }

import type { ApprovalDecision, Failure, SessionEvent } from '@subagent-mcp/contract'
import type { Message, Profile } from './agent.js'
import type { Route } from './route.js'

/** A thing that has happened. `at` is Unix milliseconds. Facts hold no secret: they will be journaled. */
export type Fact = AgentFact | FleetFact

/** A fact about one agent. */
export type AgentFact = { at: number; agentId: string } & (
  | { type: 'slot-granted' }
  | { type: 'session-opened'; notes?: readonly string[] }
  | { type: 'session-open-failed'; failure: Failure }
  | { type: 'session-event-received'; event: SessionEvent }
  | { type: 'message-requested'; message: Message; steer: boolean }
  | { type: 'answer-requested'; requestId: string; decision: ApprovalDecision; reason?: string }
  | { type: 'stop-requested'; by: string }
  | { type: 'shutdown-requested' }
)

/** A fact about who is there and what they have been told. */
export type FleetFact = { at: number } & (
  | { type: 'caller-connected'; caller: string; project: string }
  | { type: 'caller-disconnected'; caller: string }
  | { type: 'launch-requested'; profile: Profile; route: Route; notes: readonly string[]; prompt: Message }
  /** `upTo` is the number of the newest report that was handed over. */
  | { type: 'reports-delivered'; caller: string; agentId: string; upTo: number }
)

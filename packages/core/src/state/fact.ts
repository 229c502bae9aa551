import type { ApprovalDecision, Failure, PoolLoad, SessionEvent } from '@subagent-mcp/contract'
import type { Authority } from '@subagent-mcp/permissions'
import type { AgentMessage, Profile } from '../agent/agent.js'
import type { ChildProcess } from './agents-state.js'
import type { MachineState } from '../capacity/machine.js'
import type { LaunchRoute } from '../launch/route.js'
import type { AnswerChannel, Ruling } from '../questions/ruling.js'

/** A thing that has happened. `at` is Unix milliseconds. Facts hold no environment: they are journaled. */
export type Fact = AgentFact | SharedFact

/** A fact that is journaled, because a restart needs it. Each is about one agent. */
export type DurableFact = AgentFact | (Fact & { type: 'launch-requested' })

/** A fact about one agent. */
export type AgentFact = { at: number; agentId: string } & (
  | { type: 'slot-granted' }
  /** `resumable`: the provider can open this session again, once it has an id. */
  | { type: 'session-opened'; notes?: readonly string[]; resumable?: boolean; pid?: number }
  | { type: 'session-open-failed'; failure: Failure }
  /** `ruling`: what the policy says of a question. Without it somebody must answer. */
  | { type: 'session-event-received'; event: SessionEvent; ruling?: Ruling }
  /**
   * `caller` is who sends it: a session that is opened again for it gets the environment of that one, and `authority`,
   * where that is less than it had.
   */
  | {
      type: 'message-requested'
      message: AgentMessage
      steer: boolean
      caller: string
      authority?: Authority
    }
  | { type: 'interrupt-requested' }
  /** Its task's time is over, unless its clock has stood still since. */
  | { type: 'turn-expired'; turnId: string; since: number }
  | {
      type: 'answer-requested'
      requestId: string
      decision: ApprovalDecision
      reason?: string
      by: AnswerChannel
      who: string
      /** The answer to a parked question: how the agent is told, in a turn of its own. */
      notice?: { message: AgentMessage; caller: string; authority?: Authority }
    }
  /** The time is over in which a question could be answered. */
  | { type: 'question-expired'; requestId: string; until: number }
  /** The user of a caller is asked, with the call of it that is open. */
  | { type: 'question-shown'; requestId: string; caller: string }
  /** The user did not say, or the call is over in which he was asked. */
  | { type: 'question-passed'; requestId: string; by: 'user' | 'call' }
  | { type: 'stop-requested'; by: string }
  /** To end in order, with the supervisor or with the worker that it answers for. */
  | { type: 'shutdown-requested' }
  /** Its session is to be handed back to the CLI itself. */
  | { type: 'release-requested' }
  /** Its session is to be closed where it idles: nobody has spoken to it since `since`, or its room is needed. */
  | { type: 'idle-expired'; since?: number }
  /** The supervisor that ran it is dead, and every process of it. */
  | { type: 'recovered' }
  /** `upTo` is the number of the newest report that the caller has received. */
  | { type: 'reports-delivered'; caller: string; upTo: number }
)

/** A fact about who is there, and what the machine has. */
export type SharedFact = { at: number } &
  /**
   * `depth` is how many of our sessions the caller itself is inside, `process` the process of these, `authority` the most
   * that it can give; `terminal`: a person's, and no host.
   */
  (
    | {
        type: 'caller-connected'
        caller: string
        project: string
        depth: number
        authority: Authority
        process?: ChildProcess
        folder?: string
        terminal?: true
        attended?: true
      }
    | { type: 'caller-disconnected'; caller: string }
    /** Somebody waits for the outcome of a task, in the call that launched it. */
    | { type: 'call-opened'; taskId: string }
    /** Nobody does any more; the task goes on. */
    | { type: 'call-closed'; taskId: string }
    | {
        type: 'launch-requested'
        profile: Profile
        route: LaunchRoute
        notes: readonly string[]
        prompt: AgentMessage
      }
    | { type: 'agents-pruned'; agentIds: readonly string[] }
    | { type: 'machine-measured'; machine: MachineState }
    | { type: 'pool-changed'; pool: PoolLoad }
    /** No turn begins from now on. */
    | { type: 'drain-started' }
  )

/** The id of the agent that a fact is about; a fact that is journaled has one. */
export function agentIdOf(fact: DurableFact): string
export function agentIdOf(fact: Fact): string | undefined
export function agentIdOf(fact: Fact): string | undefined {
  if (fact.type === 'launch-requested') return fact.profile.id
  return 'agentId' in fact ? fact.agentId : undefined
}

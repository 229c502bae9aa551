import type { Budget, TurnCheckResult } from '@subagent-mcp/api'
import type { ToolApprovalDecision, Failure, PoolLoad, SessionEvent } from '@subagent-mcp/contract'
import type { CallerPermissions } from '@subagent-mcp/permissions'
import type { Agent, AgentMessage, AgentProfile } from '../agent/agent.js'
import type { SpentBudget } from '../budget/spent-budget.js'
import type { DeletedAgentTurns } from '../budget/spent-budget.js'
import type { AccountLimits, CallerState, HostTurn } from './agents-state.js'
import type { WaitFact } from './open-waits.js'
import type { WaitTicketFact } from '../agent/agent-wait-ticket.js'
import type { MachineState } from '../capacity/machine-state.js'
import type { TurnVerdict } from '../checks/turn-verdict.js'
import type { LaunchRoute } from '../launch/launch-route.js'
import type { PermissionAnswerChannel, ToolCallRuling } from '../questions/tool-call-ruling.js'

/** An event in the life of the agents. `at` is Unix milliseconds. No fact holds an environment: most are journaled. */
export type Fact = AgentFact | SupervisorFact

/** A fact that is journaled, because a restart needs it. Each is about one agent. */
export type DurableFact = AgentFact | (Fact & { type: 'launch-requested' })

export type AgentFact = { at: number; agentId: string } & (
  | { type: 'slot-granted' }
  /** `resumable`: the provider can open this session again, once its id is known. */
  | { type: 'session-opened'; notes?: readonly string[]; resumable?: boolean; pid?: number }
  | { type: 'session-open-failed'; failure: Failure }
  /** `ruling`: the policy's decision on an `approval-requested` event. Without a ruling a person or a model must answer. */
  | { type: 'session-event-received'; event: SessionEvent; ruling?: ToolCallRuling }
  /** A session that the message reopens gets the environment of `caller`, and `authority` if it is less than before. */
  | {
      type: 'message-requested'
      message: AgentMessage
      steer: boolean
      caller: string
      authority?: CallerPermissions
      /** Replaces the agent's budget. */
      budget?: Budget
    }
  | { type: 'interrupt-requested' }
  /** The limit that the agent waits for has passed, or the message for its next candidate is written. */
  | { type: 'limit-passed'; message: AgentMessage; caller: string }
  /** A budget that binds the agent is spent. */
  | { type: 'budget-spent'; spent: SpentBudget }
  /** The agent was deleted. Its turns still count for budgets. */
  | ({ type: 'spending-kept' } & Omit<DeletedAgentTurns, 'id'>)
  /** The result of a completed turn was checked. `repairId`: the id of the turn that repairs it, if there is one. */
  | { type: 'turn-checked'; turnId: string; verdict: TurnVerdict; repairId: string }
  /** The result of a turn has another grade, because it was applied to other files than those that were checked. */
  | { type: 'result-graded'; turnId: string; check: TurnCheckResult }
  /** The time limit of a task's turn is over, unless its clock was paused since. */
  | { type: 'turn-expired'; turnId: string; since: number }
  | {
      type: 'answer-requested'
      requestId: string
      decision: ToolApprovalDecision
      reason?: string
      by: PermissionAnswerChannel
      who: string
      /** For a parked question: the message with the answer, which starts a turn of the agent. */
      notice?: { message: AgentMessage; caller: string; authority?: CallerPermissions }
    }
  | { type: 'question-expired'; requestId: string; until: number }
  /** The user of a caller is being asked. */
  | { type: 'question-shown'; requestId: string; caller: string }
  /** The user gave no answer, or the connection through which the user was asked is gone. */
  | { type: 'question-passed'; requestId: string; by: 'user' | 'call' }
  | { type: 'stop-requested'; by: string }
  /** The agent ends, because its supervisor shuts down, or because the worker that launched or resumed it has left. */
  | { type: 'shutdown-requested' }
  /** The session closes, so that its CLI can continue it directly. */
  | { type: 'release-requested' }
  /** The session, which is idle since `since`, closes: it was unused for too long, or others need its room. */
  | { type: 'idle-expired'; since?: number }
  /** The supervisor of the agent died, with all its processes. */
  | { type: 'recovered' }
  /** `upTo` is the number of the newest report that the caller has received. */
  | { type: 'reports-delivered'; caller: string; upTo: number }
  /**
   * A call sends the reports up to `upTo` to the caller. A lower number than before means that the reports above it were never
   * sent.
   */
  | { type: 'reports-offered'; caller: string; upTo: number }
  /** The user is being notified of the reports up to `upTo`, because no host has received them. */
  | { type: 'reports-notified'; upTo: number }
  | WaitTicketFact
)

/** A fact about callers, the machine, the pool or a launch. */
export type SupervisorFact = { at: number } & (
  | ({ type: 'caller-connected'; caller: string } & CallerState)
  /** The host of a caller has sent its MCP client name, from which `vendor` follows. */
  | { type: 'caller-named'; caller: string; vendor: string }
  | { type: 'caller-disconnected'; caller: string }
  /** A tool call came from this turn of a host's session. */
  | { type: 'host-turn-seen'; caller: string; turn: HostTurn }
  /** A message that starts a turn of a host's session was queued, because agents have finished or ask. */
  | { type: 'wake-queued'; caller: string }
  /** The queued message was removed before it started a turn of the host's session. */
  | { type: 'wake-withdrawn'; caller: string }
  | WaitFact
  /** The texts of new reports were read. `unreadable`: by agent with a text that could not be read, the number of its newest report. */
  | { type: 'texts-read'; read: readonly string[]; unreadable: Readonly<Record<string, number>> }
  /** A caller waits for the task in the call that launched it. */
  | { type: 'call-opened'; taskId: string }
  /** The call that launched the task has ended; the task continues. */
  | { type: 'call-closed'; taskId: string }
  | {
      type: 'launch-requested'
      profile: AgentProfile
      route: LaunchRoute
      notes: readonly string[]
      prompt: AgentMessage
    }
  /** The minutes of an agent's budget may be over. */
  | { type: 'budget-due'; rootId: string }
  | { type: 'agents-pruned'; agentIds: readonly string[] }
  | { type: 'machine-measured'; machine: MachineState }
  | { type: 'pool-changed'; pool: PoolLoad }
  /** An ended agent was read from its snapshot, which stands for its facts so far. */
  | { type: 'agent-restored'; agent: Agent }
  /** The account limits were read from their snapshot, which stands for those in all facts so far. */
  | { type: 'account-limits-restored'; limits: AccountLimits }
  /** The supervisor drains before it stops: from now on no turn may begin. */
  | { type: 'drain-started' }
)

/** The id of the agent that a fact is about; every durable fact has one. */
export function getFactAgentId(fact: DurableFact): string
export function getFactAgentId(fact: Fact): string | undefined
export function getFactAgentId(fact: Fact): string | undefined {
  if (fact.type === 'launch-requested') return fact.profile.id
  return 'agentId' in fact ? fact.agentId : undefined
}

/** The lines of a transcript for those facts about an agent of which only the type is shown. */
export const factNotes: Partial<Record<Fact['type'], string>> = {
  'interrupt-requested': 'asked to end its turn',
  'stop-requested': 'killed',
  'shutdown-requested': 'stopped, because the daemon ends',
  'release-requested': 'released: its own CLI continues the session',
  'idle-expired': 'closed while idle, to free its memory; the next message resumes it',
  recovered: 'interrupted, because its daemon has ended',
}

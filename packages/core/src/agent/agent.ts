import type { ActivityItem, KeptOptions } from '@subagent-mcp/api'
import type { ApprovalDecision, ApprovalRequest, Failure, TurnOutcome, Usage } from '@subagent-mcp/contract'
import type { Authority } from '@subagent-mcp/permissions'
import type { Candidate } from '@subagent-mcp/routing'
import type { PoolPlace, SessionSetup } from '../launch/launch-template.js'
import type { LaunchRoute } from '../launch/route.js'
import type { ResolvedBy } from '../questions/ruling.js'

/** One agent: what it was launched as, what has happened to it, and what can happen now. */
export type Agent = {
  profile: Profile
  route: LaunchRoute
  /** What is not as it was asked for, as an effort that the model does not take. */
  notes: readonly string[]
  /** The caller in whose environment its next session opens: who launched it, or who resumed it. */
  actor: string
  /**
   * The provider's id of the session, the model that it said it uses, whether it can be opened again, and the process that
   * carries it, maybe with other sessions.
   */
  session: { id?: string; model?: string; resumable?: boolean; pid?: number }
  /** Messages that wait for a turn of their own, in order. */
  inbox: readonly AgentMessage[]
  /** Ended turns, oldest first. */
  turns: readonly EndedTurn[]
  /** What is worth telling a caller that waits, oldest first, numbered from 1 without gaps. */
  reports: readonly AgentReport[]
  /** By caller: the number of the newest report that the caller has received. */
  delivered: Readonly<Record<string, number>>
  activity: Activity
  /** Questions that nobody answered in time and that can still be answered, oldest first. */
  parked: readonly PendingApproval[]
  /** Calls that it may make once, as a parked question was allowed. */
  granted: readonly CallGrant[]
  /** The newest answers to its questions, oldest first; not those of the policy. */
  answered: readonly AnsweredQuestion[]
  phase: Phase
}

/** What an agent was launched as: never changes, but for its authority. */
export type Profile = KeptOptions & {
  id: string
  /** The same for the same first prompt: tells a new try of a task from another task. */
  task: string
  /** The caller that launched it, and the project which that caller works in. */
  caller: string
  project: string
  /** For an agent that an agent launched: the names of what it was launched from, as `originNames` gives them. */
  origin?: readonly string[]
  /** Hash of what that launch asked for; missing in what older versions launched. */
  request?: string
  /** A question that nobody answers in time stays open; missing where it is denied. */
  unanswered?: 'park'
  /** A person launched it: no host's to wait for, unless by its id. */
  terminal?: true
  /** What it may do; missing in what older versions launched. Who opens its session again may make it less. */
  authority?: Authority
  /** The user's own configuration names its definition, so that it may have more than a host can give. */
  named?: true
  /** What its sessions are opened with, where a definition says it. */
  setup?: SessionSetup
  /** It is a task: its session comes from a pool, and goes back there after its one turn. */
  pool?: PoolPlace
  /** 1 for an agent that a host launched, more for an agent's agent. */
  depth: number
  launchedAt: number
}

/** A message to an agent. Its id is also the id of the turn that it starts. */
export type AgentMessage = { id: string; text: string }

/** What an agent is doing: each status carries exactly what is true in it. */
export type Phase =
  /** Waits for the machine to have room for a process and a turn. */
  | { status: 'queued' }
  | { status: 'opening' }
  /** The session of `from`, which failed, is being closed; then the next candidate's opens. */
  | { status: 'switching'; from: Candidate }
  | { status: 'working'; turn: RunningTurn }
  | { status: 'waiting-permission'; turn: RunningTurn; requests: readonly PendingApproval[] }
  | { status: 'idle'; since: number }
  /** Its session is open and a message waits: for the machine to have room for a turn. */
  | { status: 'ready' }
  /** Told to end. `ending` is what it will have ended as. */
  | { status: 'closing'; ending: AgentEnding }
  | { status: 'ended'; ending: AgentEnding; at: number }

/** The phases in which a turn runs. */
export type InTurn = Phase & { status: 'working' | 'waiting-permission' }

/** Why an agent is no more. */
export type AgentEnding =
  | { type: 'stopped'; by: string }
  | { type: 'failed'; failure: Failure }
  /** It was running when the supervisor ended. */
  | { type: 'interrupted' }
  /** It had nothing to do, and its session ended without a fault. */
  | { type: 'closed' }

export type RunningTurn = {
  id: string
  /** What it was sent: another candidate may have to be told the same. */
  messages: readonly AgentMessage[]
  startedAt: number
  firstOutputAt?: number
  /** Whole messages of the turn; then the one that is being written. */
  said: string
  writing: string
  usage?: Usage
  /** A task's alone. */
  clock?: TurnClock
}

/** The remaining time of a task's turn, in milliseconds. It stands still while the task waits for a permission. */
export type TurnClock = { leftMs: number } & ({ state: 'running'; since: number } | { state: 'standing' })

export type EndedTurn = {
  id: string
  startedAt: number
  firstOutputAt?: number
  endedAt: number
  outcome: TurnOutcome
  /** All that was said, where there is no answer: the turn failed or was cut short. */
  said: string
  usage?: Usage
}

/** A question that waits for an answer. */
export type PendingApproval = ApprovalRequest & {
  askedAt: number
  /** What of the policy made it a question, as `preset ask`. */
  by?: string
  /** A model's yes does not count. */
  humanOnly?: boolean
  /** When it is denied, if nobody has answered: Unix milliseconds. */
  until?: number
  /** The caller whose user is being asked: callers are not told so long. */
  shownTo?: string
  /** Nobody answered in time: no turn waits for it, and an answer starts one. */
  parked?: true
  /** The user was asked, and did not say. */
  passed?: true
  /** The number of the report that tells it to callers. */
  report?: number
}

/** A call that is allowed once, until the end of the turn that told the agent of it; `byPerson`: no model said so. */
export type CallGrant = { tool: string; input: unknown; turnId: string; who: string; byPerson: boolean }

/** A question that was answered, through what and by whom. */
export type AnsweredQuestion = {
  requestId: string
  tool: string
  decision: ApprovalDecision
  /** Both are missing in what older versions wrote. */
  by?: ResolvedBy
  who?: string
  at: number
}

/** A thing that ends a wait: a turn that ended, a question, or the agent's own end. */
export type AgentReport = { number: number } & (
  | { type: 'turn'; turnId: string }
  | { type: 'approval'; requestId: string }
  | { type: 'ending' }
)

/** What could be seen of an agent's stream. */
export type Activity = {
  /** When something visible last came; the launch counts as the first. */
  visibleAt: number
  /** The newest three, oldest first. */
  recent: readonly ActivityItem[]
}

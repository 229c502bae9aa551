import type { AgentActivityItem, StoredLaunchOptions, TurnCheckResult } from '@subagent-mcp/api'
import type { ToolApprovalDecision, ApprovalRequest, Failure, TurnUsage } from '@subagent-mcp/contract'
import type { CallerPermissions } from '@subagent-mcp/permissions'
import type { RouteCandidate } from '@subagent-mcp/routing'
import type { TaskPoolSettings, SessionSetup } from '../launch/launch-template.js'
import type { SpentBudget } from '../budget/spent-budget.js'
import type { LaunchRoute } from '../launch/launch-route.js'
import type { QuestionResolutionSource } from '../questions/tool-call-ruling.js'
import type { AgentWaitTickets } from './agent-wait-ticket.js'

/** The state of one agent, computed from its facts: launch options, turns, reports, questions and phase. */
export type Agent = {
  profile: AgentProfile
  route: LaunchRoute
  /** Notes on differences between the launch request and the running session, such as an effort that the model does not support. */
  notes: readonly string[]
  /** The caller whose environment the agent's next session gets: its launcher, or the last caller to reopen it. */
  actor: string
  /**
   * The agent's session: the provider's id, the model that the session reported, whether the provider can open it
   * again, and the pid of its process, which other sessions may share.
   */
  session: { id?: string; model?: string; resumable?: boolean; pid?: number }
  /** Messages to the agent that wait for a turn of their own, oldest first. */
  inbox: readonly AgentMessage[]
  turns: readonly EndedTurn[]
  /** The agent's reports, which end a caller's wait: oldest first, numbered from 1 without gaps. */
  reports: readonly AgentReport[]
  /** The number of the newest report that each caller has received. */
  delivered: Readonly<Record<string, number>>
  /** For each caller: the number of the newest report that was sent to that caller, whether or not the report has arrived. */
  offered: Readonly<Record<string, number>>
  /** The number of the newest report of which the user was notified; 0 without one. */
  notified: number
  /** The tickets that cover the agent, by id, with those that ended a short time ago. */
  tickets: AgentWaitTickets
  activity: SessionActivity
  /** The agent's questions that expired unanswered and can still be answered, oldest first. */
  parked: readonly PendingApproval[]
  /** Tool calls that the agent may make once each, because a parked question was allowed. */
  granted: readonly CallGrant[]
  /** The newest answers to the agent's questions, oldest first, without answers of the policy. */
  answered: readonly AnsweredQuestion[]
  phase: AgentPhase
}

/** An agent's launch options and its caller. Only the authority changes later. */
export type AgentProfile = StoredLaunchOptions & {
  id: string
  /** Hash of the first prompt, by which a second launch of the same task is recognized. */
  task: string
  /** The caller that launched the agent, and the project of that caller. */
  caller: string
  project: string
  /** The name of the definition from which the agent was launched. Missing without one, and in facts of older versions. */
  definition?: string
  /** For an agent in a worktree: the folder of the user's checkout that `cwd` is a private copy of. */
  source?: string
  /** The names of the accounts that the agent uses, by provider. Missing for the default account of each provider. */
  accounts?: Readonly<Record<string, string>>
  /** The session of the host that launched the agent, by the host's id of it. */
  thread?: string
  /** For an agent that another agent launched: the names of the launching process, from `listLaunchOriginNames`. */
  origin?: readonly string[]
  /** For a reviewer: the agent whose work it judges, and to whose budget its usage counts. */
  reviewOf?: string
  /** The span of the request in the trace of its host, as a `traceparent` of W3C Trace Context. */
  traceparent?: string
  /** Hash of the launch request. Missing in facts that older versions wrote. */
  request?: string
  /** `park`: permission requests of the agent that expire stay open for a late answer. Missing: they are denied. */
  unanswered?: 'park'
  /** Set for an agent that a person launched from a terminal. Hosts wait for it only by its id. */
  terminal?: true
  /** The agent's permissions; missing in older journals. A caller with fewer that reopens the agent lowers them. */
  authority?: CallerPermissions
  /** The user's configuration names the definition: the agent may have more authority than a host can grant. */
  named?: true
  /** Session settings of the agent, from its definition or launch. */
  setup?: SessionSetup
  /** Set for a task: its session comes from this pool, and returns there after one turn. */
  pool?: TaskPoolSettings
  /** The nesting depth: 1 for an agent that a host launched, 2 for an agent that such an agent launched, and so on. */
  depth: number
  launchedAt: number
}

/**
 * A message to an agent. The turn that it starts has the same id. `repair`: the message tells the agent what a check found in its
 * last turn; the number of such messages in a row, from 1.
 */
export type AgentMessage = { id: string; text: string; files?: readonly AttachedFile[]; repair?: number }

/** A file that a message hands to an agent: its real path, and its bytes and Unix milliseconds of the last change when it was attached. */
export type AttachedFile = { path: string; size: number; modified: number }

/** The phase of an agent's life, with the data that exists only in this phase. */
export type AgentPhase =
  /** The agent waits until there is room for its process and turn. */
  | { status: 'queued' }
  | { status: 'opening' }
  /** The session of the failed candidate `from` is closing. Then a session of the next candidate opens. */
  | { status: 'switching'; from: RouteCandidate }
  | { status: 'working'; turn: RunningTurn }
  | { status: 'waiting-permission'; turn: RunningTurn; requests: readonly PendingApproval[] }
  /** The turn has completed, and its result is being checked before it is reported. */
  | { status: 'checking'; turn: RunningTurn; session: CheckedSession }
  | { status: 'idle'; since: number }
  /** The session is open, and a message waits for room for a turn. */
  | { status: 'ready' }
  /** The session is closing. The agent will end as `ending`. */
  | { status: 'closing'; ending: AgentEnding }
  | { status: 'ended'; ending: AgentEnding; at: number }

export type AgentPhaseInTurn = AgentPhase & { status: 'working' | 'waiting-permission' }

/** A phase with a turn that is not yet reported. */
export type AgentPhaseWithTurn = AgentPhaseInTurn | (AgentPhase & { status: 'checking' })

/** The session of an agent whose turn is being checked. A session may close meanwhile. */
export type CheckedSession =
  | { state: 'open' }
  | { state: 'closing' }
  | { state: 'closed'; failure: Failure | undefined }

/** The reason why an agent ended. */
export type AgentEnding =
  | { type: 'stopped'; by: string }
  | { type: 'failed'; failure: Failure }
  /** The agent was running when its supervisor ended. */
  | { type: 'interrupted' }
  /** The agent was idle, and its session closed without a failure. */
  | { type: 'closed' }
  /**
   * A limit or an outage ended turn `turnId`. The agent continues by itself: at `until` (Unix ms) in the same session, or with `route` on
   * its next candidate.
   */
  | { type: 'limited'; failure: Failure; until: number; turnId: string; route?: LaunchRoute }

export type RunningTurn = {
  id: string
  /** The messages that this turn has sent to the session. After a failover the next candidate gets them again. */
  messages: readonly AgentMessage[]
  startedAt: number
  firstOutputAt?: number
  /** The complete messages of the turn so far, then the text of the message that is being written. */
  said: string
  writing: string
  usage?: TurnUsage
  /** The number of tool calls that the turn has begun. Default: 0. */
  tools?: number
  /** The budget that the turn has spent, for which it was interrupted. */
  spent?: SpentBudget
  /** The clock of the turn's time limit. Only tasks have one. */
  clock?: TurnClock
}

/** The remaining time of a task's turn, in milliseconds. The clock stops while the task waits for a permission. */
export type TurnClock = { leftMs: number } & ({ state: 'running'; since: number } | { state: 'standing' })

export type EndedTurn = {
  id: string
  /** The provider on which the turn ran, and the model that its session reported, otherwise the requested one. */
  provider: string
  model?: string
  startedAt: number
  firstOutputAt?: number
  endedAt: number
  outcome: EndedTurnOutcome
  /**
   * The answer of a completed turn; of another turn all that it said. Only the last turn of an agent that has not ended has its text
   * here. That of other turns is in the journal: `loadTurnText` reads it.
   */
  text?: string
  usage?: TurnUsage
  /** The budget that was spent during the turn. */
  spent?: SpentBudget
  /** What checks found, for a launch whose results are checked. A turn that was repaired afterwards has it, and no report. */
  check?: TurnCheckResult
}

/** How a turn ended. The answer of a completed turn is the turn's text. */
export type EndedTurnOutcome =
  | { type: 'completed' }
  | { type: 'failed'; failure: Failure }
  | { type: 'interrupted' }

/** A tool call of an agent that waits for permission. */
export type PendingApproval = ApprovalRequest & {
  askedAt: number
  /** The part of the policy that asks, such as `preset ask`. */
  by?: string
  /** Whether only a person may allow the call, and no model. */
  humanOnly?: boolean
  /** Unix milliseconds at which the question expires. */
  until?: number
  /** The caller whose user is being asked. Meanwhile callers get no report of the question. */
  shownTo?: string
  /** The permission request has expired and stays open. No turn waits for it; an answer starts a new turn. */
  parked?: true
  /** The user was asked for this permission and did not answer. */
  passed?: true
  /** The number of the report that announces the question to callers. */
  report?: number
}

/**
 * Permission for one tool call. It is valid until the end of turn `turnId`, whose message informs the agent of the permission.
 * `byPerson`: a person gave the permission, not a model.
 */
export type CallGrant = { tool: string; input: unknown; turnId: string; who: string; byPerson: boolean }

/** A question that was answered, and how. */
export type AnsweredQuestion = {
  requestId: string
  tool: string
  decision: ToolApprovalDecision
  /** The channel, or the part of the supervisor, that answered. Missing in older facts. */
  by?: QuestionResolutionSource
  who?: string
  at: number
}

/** An event that ends a wait: a turn ended, a question was asked, or the agent ended. */
export type AgentReport = { number: number } & (
  | { type: 'turn'; turnId: string }
  | { type: 'approval'; requestId: string }
  | { type: 'ending' }
)

/** The newest visible events of an agent's session, such as text and tool calls. */
export type SessionActivity = {
  /** Unix milliseconds of the agent's newest visible event; at first those of its launch. */
  visibleAt: number
  /** The newest visible events, at most three, oldest first. */
  recent: readonly AgentActivityItem[]
}

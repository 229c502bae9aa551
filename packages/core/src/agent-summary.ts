import type { Effort, Failure, Usage } from '@subagent-mcp/contract'
import { maskSecrets } from '@subagent-mcp/permissions'
import { describeCall } from './activity.js'
import type { ActivityItem, Agent, PendingApproval, Turn } from './agent.js'
import {
  agentFailure,
  agentStatus,
  answererOf,
  queuedMessages,
  takesMessages,
  turnStatus,
  type AgentStatus,
  type ViewTime,
} from './agent-view.js'
import { holdsProcess } from './load.js'
import { askedQuestions } from './reports.js'
import type { Attempt } from './route.js'

/** An agent in plain data, for programs: times are Unix milliseconds. */
export type AgentSummary = {
  id: string
  name?: string
  category: string
  provider: string
  model?: string
  effort?: Effort
  /** Candidates that failed before this one, oldest first; `tried` is false where the reason was known before. */
  attempts: readonly Attempt[]
  /** What is not as it was asked for. */
  notes: readonly string[]
  cwd: string
  /** The git root that its caller worked in, else the caller's folder. */
  project: string
  status: AgentStatus
  /** Whether a process of its may be there. */
  alive: boolean
  /** Whether a message would be taken, by opening its session again where that is closed. */
  takesMessages: boolean
  onHostExit: 'keep' | 'kill'
  sessionId?: string
  launchedAt: number
  idleSeconds: number
  queuedMessages: number
  recent: readonly ActivityItem[]
  permissions: readonly QuestionSummary[]
  /** How many turns have ended; `turns` holds the newest ten of them, oldest first. */
  turnCount: number
  turns: readonly TurnSummary[]
  failure?: Failure
  /** When it ended, if it has. */
  endedAt?: number
}

/** A question that waits. `call` is the tool and the beginning of its input, in one line. */
export type QuestionSummary = Pick<
  PendingApproval,
  'requestId' | 'tool' | 'askedAt' | 'by' | 'humanOnly' | 'until' | 'shownTo' | 'parked'
> & { call: string }

/** One ended turn, without its text. */
export type TurnSummary = {
  status: ReturnType<typeof turnStatus>
  startedAt: number
  firstOutputAt?: number
  endedAt: number
  usage?: Usage
}

/** A session may have thousands. */
const shownTurns = 10
const shownCall = 600

/** What there is to know of an agent at a moment, less its texts. */
export function summarizeAgent(agent: Agent, time: ViewTime): AgentSummary {
  const { profile, route, notes, session, activity } = agent
  const { effort } = route.current
  const failure = agentFailure(agent)
  return {
    id: profile.id,
    ...(profile.name !== undefined && { name: profile.name }),
    category: profile.category,
    ...answererOf(agent),
    ...(effort && { effort }),
    attempts: route.attempts,
    notes,
    cwd: profile.cwd,
    project: profile.project,
    status: agentStatus(agent, time),
    alive: holdsProcess(agent),
    takesMessages: takesMessages(agent),
    onHostExit: profile.onHostExit,
    ...(session.id !== undefined && { sessionId: session.id }),
    launchedAt: profile.launchedAt,
    idleSeconds: idleSeconds(agent, time.now),
    queuedMessages: queuedMessages(agent),
    recent: activity.recent.map((item) => ({ ...item, text: maskSecrets(item.text) })),
    permissions: askedQuestions(agent).map(summarizeRequest),
    turnCount: agent.turns.length,
    turns: agent.turns.slice(-shownTurns).map(summarizeTurn),
    ...(failure && { failure }),
    ...(agent.phase.status === 'ended' && { endedAt: agent.phase.at }),
  }
}

/** Whole seconds since something visible last came of an agent. */
export function idleSeconds({ activity }: Agent, now: number): number {
  return Math.max(0, Math.floor((now - activity.visibleAt) / 1000))
}

function summarizeRequest(request: PendingApproval): QuestionSummary {
  const { input: _, passed: _passed, report: _report, ...rest } = request
  return { ...rest, call: maskSecrets(describeCall(request)).slice(0, shownCall).toWellFormed() }
}

function summarizeTurn(turn: Turn): TurnSummary {
  const { startedAt, firstOutputAt, endedAt, usage } = turn
  return {
    status: turnStatus(turn),
    startedAt,
    ...(firstOutputAt !== undefined && { firstOutputAt }),
    endedAt,
    ...(usage && { usage }),
  }
}

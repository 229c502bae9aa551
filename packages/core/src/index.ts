export { describeCall } from './activity.js'
export { type ActivityItem, type Agent, type PendingApproval, type Turn } from './agent.js'
export { idleSeconds, summarizeAgent, type AgentSummary, type TurnSummary } from './agent-summary.js'
export {
  agentFailure,
  agentStatus,
  isAlive,
  isRunning,
  queuedMessages,
  saidSoFar,
  takesMessages,
  turnNumber,
  type AgentStatus,
  type ViewTime,
} from './agent-view.js'
export { type Fact } from './fact.js'
export { describeAttempt, type Attempt } from './route.js'
export { type Fleet } from './fleet.js'
export { findAgent, launch, type LaunchOrder, type LaunchResult } from './launch.js'
export {
  answerPermission,
  sendMessage,
  shutDown,
  stopAgent,
  type AnswerOrder,
  type MessageOrder,
  type MessageResult,
} from './orders.js'
export { pendingApprovals, type ReportContent } from './reports.js'
export { createSupervisor, type Ids, type Supervisor, type SupervisorOptions } from './supervisor.js'
export { waitForReports, type WaitResult } from './wait-for-reports.js'
export { waitOutcome, type News, type WaitOutcome, type WaitQuery } from './wait-outcome.js'

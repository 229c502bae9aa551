export { describeCall } from './agent/activity.js'
export { toolCallText } from './questions/call-text.js'
export { answerPermission, type AnswerOptions } from './questions/answer-permission.js'
export { type PromptHandler, type UserAnswer } from './questions/user-prompts.js'
export { type LaunchTemplate, type PoolPlace, type SessionSetup } from './launch/launch-template.js'
export { checkMayLaunch, checkFreeRoom, hasPoolRoom } from './capacity/check-room.js'
export { type Agent, type AgentMessage, type PendingApproval, type EndedTurn } from './agent/agent.js'
export { secondsSinceActivity, summarizeAgent } from './agent/agent-summary.js'
export {
  agentFailure,
  turnStatus,
  agentStatus,
  isInTurn,
  providerAndModel,
  isEnded,
  isRunning,
  queuedMessages,
  acceptsMessages,
  turnNumber,
  willSessionReopen,
  type StatusTime,
} from './agent/agent-view.js'
export { type CheckTurn, type TurnToCheck, type TurnVerdict } from './checks/turn-verdict.js'
export {
  connectCaller,
  disconnectCaller,
  recordHostTurn,
  recordHostVendor,
  type CallerOptions,
} from './requests/caller-connection.js'
export {
  drainSupervisor,
  pruneAgents,
  releaseAgent,
  shutDownSupervisor,
  stopAgent,
} from './requests/end-agents.js'
export { agentIdOf, type DurableFact, type Fact } from './state/fact.js'
export { failureError } from './launch/failure-error.js'
export { type FactJournal } from './journal/fact-writer.js'
export {
  readCallerState,
  type CallerState,
  type ChildProcess,
  type HostTurn,
  type AgentsState,
} from './state/agents-state.js'
export {
  accountEnvironment,
  accountObstacle,
  accountFor,
  describeAccount,
  chooseAccounts,
  type AccountSources,
  type NamedAccount,
} from './accounts/named-accounts.js'
export { checkLaunchCwd, grantAuthority } from './launch/grant-authority.js'
export { openCandidates } from './launch/plan-route.js'
export { accountLimitStates, listDayBudgets, accountHeadroom } from './budget/account-budgets.js'
export { type AccountBudgets } from './budget/spent.js'
export { restOf } from './limits/agent-rest.js'
export { findSpentBudget } from './budget/budget.js'
export { repeatedLaunch, findAgent, freshAgentId, launch, type LaunchResult } from './launch/launch.js'
export { type LaunchRequest } from './launch/launch-request.js'
export { matchAgent, type NamedAgent } from './state/match-agent.js'
export { findNamedAgent, findOwnAgent, ownAgents, ownAgentFilter } from './state/own-agents.js'
export { createJudge, type TestCommands } from './questions/judge.js'
export { defaultLimits, type SupervisorLimits } from './capacity/limits.js'
export { supervisorLoad, hasCliProcess } from './capacity/load.js'
export { addLoads, emptyLoad, type SupervisorLoad, type MachineState } from './capacity/machine.js'
export {
  createMemoryJournal,
  type FactHistory,
  type FactPage,
  type MemoryJournal,
} from './journal/memory-journal.js'
export {
  interruptAgent,
  sendMessage,
  type MessageOptions,
  type MessageResult,
} from './requests/send-message.js'
export { answerAsData, currentTurnText, turnText } from './journal/turn-text.js'
export { agentSnapshot, limitsSnapshot, readSnapshot, snapshotShape } from './journal/snapshot.js'
export { readFact } from './journal/read-fact.js'
export { answerableQuestions, openQuestions, pendingApprovals, type ReportContent } from './agent/reports.js'
export { describeLaunchAttempt } from './launch/route.js'
export {
  isAnsweredByPolicy,
  type AnswerChannel,
  type ResolvedBy,
  type Judge,
  type Ruling,
} from './questions/ruling.js'
export { authorityOf, sessionRights } from './launch/session-rights.js'
export {
  type FactListener,
  type IdGenerators,
  type MachinePort,
  type Supervisor,
  type SupervisorOptions,
} from './supervisor/supervisor.js'
export { createSupervisor, randomAgentId } from './supervisor/create-supervisor.js'
export { awaitTask, forgetTask, launchTask, type TaskResult } from './requests/await-task.js'
export {
  cancelTicket,
  joinOpenTicket,
  leaveTicket,
  lookAtTicket,
  openTicket,
  type TicketLook,
  type TicketLookOptions,
  type TicketQuery,
} from './requests/ticket.js'
export { type WaitTicket } from './state/tickets.js'
export { ticketLifetimeMs } from './agent/ticket.js'
export { mayChangeStatus, untilFact } from './requests/until-fact.js'
export {
  mayNotify,
  reportKeys,
  unreadAgents,
  type ReportKeys,
  type UnreadAgents,
  type UnreadQuery,
} from './requests/unread-agents.js'
export { awaitWake, hostSession, reportPauseMs, type WakeReason } from './requests/await-wake.js'
export {
  offerReports,
  waitForReports,
  type ReportDelivery,
  type WaitResult,
} from './requests/wait-for-reports.js'
export {
  newReports,
  waitOutcome,
  type NewReports,
  type WaitOutcome,
  type WaitQuery,
} from './requests/wait-outcome.js'
export { type QueuePlace } from './capacity/queue-place.js'

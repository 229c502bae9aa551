export { describeCall } from './agent/activity.js'
export { formatToolCallOnOneLine } from './questions/call-text.js'
export { answerPermission, type AnswerOptions } from './questions/answer-permission.js'
export { type PromptHandler, type UserAnswer } from './questions/user-prompts.js'
export { type LaunchTemplate, type TaskPoolSettings, type SessionSetup } from './launch/launch-template.js'
export { checkLaunchAllowed, checkLaunchCapacity, canPoolStartProcess } from './capacity/check-room.js'
export { type Agent, type AgentMessage, type PendingApproval, type EndedTurn } from './agent/agent.js'
export { secondsSinceActivity, summarizeAgent } from './agent/agent-summary.js'
export {
  findAgentFailure,
  computeTurnStatus,
  computeAgentStatus,
  isInTurn,
  readProviderAndModel,
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
export { getFactAgentId, type DurableFact, type Fact } from './state/fact.js'
export { createFailureError } from './launch/failure-error.js'
export { type FactJournal } from './journal/fact-writer.js'
export {
  readCallerState,
  type CallerState,
  type ChildProcess,
  type HostTurn,
  type AgentsState,
} from './state/agents-state.js'
export {
  createAccountEnvironment,
  findAccountObstacle,
  findAgentAccount,
  describeAccount,
  chooseAccounts,
  type AccountSources,
  type NamedAccount,
} from './accounts/named-accounts.js'
export { checkLaunchCwd, grantAuthority } from './launch/grant-authority.js'
export { listOpenProviderCandidates } from './launch/plan-route.js'
export { listAccountLimitStates, listDayBudgets, formatAccountHeadroom } from './budget/account-budgets.js'
export { type AccountBudgets } from './budget/spent.js'
export { findLimitedEnding } from './limits/agent-rest.js'
export { findSpentBudget } from './budget/budget.js'
export {
  findRepeatedLaunch,
  findAgent,
  createUnusedAgentId,
  launch,
  type LaunchResult,
} from './launch/launch.js'
export { type LaunchRequest } from './launch/launch-request.js'
export { matchAgent, type NamedAgent } from './state/match-agent.js'
export {
  findNamedAgent,
  findCallerAgent,
  listCallerAgents,
  createOwnAgentFilter,
} from './state/own-agents.js'
export { createJudge, type TestCommands } from './questions/judge.js'
export { defaultLimits, type SupervisorLimits } from './capacity/limits.js'
export { computeSupervisorLoad, hasCliProcess } from './capacity/load.js'
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
export { parseTurnAnswer, loadCurrentTurnText, loadTurnText } from './journal/turn-text.js'
export { createAgentSnapshot, createLimitsSnapshot, readSnapshot, snapshotShape } from './journal/snapshot.js'
export { readFact } from './journal/read-fact.js'
export {
  listAnswerableQuestions,
  listOpenQuestions,
  listPendingApprovals,
  type ReportContent,
} from './agent/reports.js'
export { describeLaunchAttempt } from './launch/route.js'
export {
  isAnsweredByPolicy,
  type AnswerChannel,
  type ResolvedBy,
  type Judge,
  type ToolCallRuling,
} from './questions/ruling.js'
export { getAgentAuthority, createSessionRights } from './launch/session-rights.js'
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
  addAgentToWaitTicket,
  leaveTicket,
  pollWaitTicket,
  openTicket,
  type WaitTicketView,
  type WaitTicketPollOptions,
  type WaitTicketQuery,
} from './requests/ticket.js'
export { type WaitTicket } from './state/tickets.js'
export { waitTicketLifetimeMs } from './agent/ticket.js'
export { mayChangeStatus, waitForFact } from './requests/until-fact.js'
export {
  mayNotifyHostOfAgent,
  reportKeys,
  listAgentsWithUnreadReports,
  type ReportKeys,
  type AgentsWithUnreadReports,
  type UnreadReportsQuery,
} from './requests/unread-agents.js'
export { awaitWake, hostSession, wakeDelayMs, type WakeReason } from './requests/await-wake.js'
export {
  offerReports,
  waitForReports,
  type ReportDelivery,
  type WaitResult,
} from './requests/wait-for-reports.js'
export { readReportTexts, type ReportTexts } from './requests/report-texts.js'
export {
  selectNewReports,
  computeWaitOutcome,
  type NewReports,
  type WaitOutcome,
  type WaitQuery,
} from './requests/wait-outcome.js'
export { type QueuePosition } from './capacity/queue-place.js'

export { formatToolCallWithInput } from './agent/activity.js'
export { formatToolCallOnOneLine } from './questions/format-tool-call.js'
export { answerPermission, type PermissionAnswerOptions } from './questions/answer-permission.js'
export {
  type PermissionPromptHandler,
  type UserPermissionAnswer,
} from './questions/user-permission-prompts.js'
export { type LaunchTemplate, type TaskPoolSettings, type SessionSetup } from './launch/launch-template.js'
export {
  checkLaunchAllowed,
  checkLaunchCapacity,
  canPoolStartProcess,
} from './capacity/check-launch-allowed.js'
export { type Agent, type AgentMessage, type PendingApproval, type EndedTurn } from './agent/agent.js'
export { computeSecondsSinceActivity, summarizeAgent } from './agent/agent-summary.js'
export {
  findAgentFailure,
  computeTurnStatus,
  computeAgentStatus,
  isAgentInTurn,
  readProviderAndModel,
  hasAgentEnded,
  willAgentReportUnprompted,
  countQueuedAgentMessages,
  doesAgentAcceptMessages,
  getAgentTurnNumber,
  willAgentSessionReopen,
  type StatusTime,
} from './agent/agent-view.js'
export { type TurnChecker, type TurnToCheck, type TurnVerdict } from './checks/turn-verdict.js'
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
export { factNotes, getFactAgentId, type DurableFact, type Fact } from './state/fact.js'
export { createErrorFromFailure } from './launch/create-error-from-failure.js'
export { type FactJournal } from './journal/fact-writer.js'
export {
  getCallerState,
  type CallerState,
  type ChildProcess,
  type HostTurn,
  type AgentsState,
} from './state/agents-state.js'
export {
  createAccountEnvironment,
  explainUnusableAccount,
  findAgentAccount,
  describeAccount,
  chooseAccountsByProvider,
  type AccountsAndDrivers,
  type NamedAccount,
} from './accounts/named-accounts.js'
export { checkLaunchFolder, grantLaunchAuthority } from './launch/grant-launch-authority.js'
export { listOpenProviderCandidates } from './launch/plan-launch-route.js'
export { listAccountLimitStates, listDayBudgets, formatAccountHeadroom } from './budget/account-budgets.js'
export { type AccountBudgets } from './budget/spent-budget.js'
export { findUsageLimitEnding } from './limits/usage-limit-ending.js'
export { findSpentBudget } from './budget/budget.js'
export {
  findRepeatedLaunch,
  findAgentByIdOrName,
  createUnusedAgentId,
  launchSupervisedAgent,
  type LaunchResult,
} from './launch/launch-supervised-agent.js'
export { type LaunchRequest } from './launch/launch-request.js'
export { matchAgentByWord, type AgentIdAndName } from './state/match-agent-by-word.js'
export {
  findNamedAgent,
  findAgentOfCaller,
  listAgentsOfCaller,
  createAgentFilterForViewer,
} from './state/agents-of-caller.js'
export { createToolCallJudge, type AllowedTestCommands } from './questions/tool-call-judge.js'
export { defaultSupervisorLimits, type SupervisorLimits } from './capacity/supervisor-limits.js'
export { computeSupervisorLoad, hasAgentCliProcess } from './capacity/supervisor-load.js'
export {
  addSupervisorLoads,
  emptySupervisorLoad,
  type SupervisorLoad,
  type MachineState,
} from './capacity/machine-state.js'
export {
  createMemoryJournal,
  type JournaledFactReader,
  type JournaledFactPage,
  type MemoryJournal,
} from './journal/memory-journal.js'
export {
  interruptAgent,
  sendMessage,
  type MessageOptions,
  type MessageResult,
} from './requests/send-message.js'
export { parseTurnAnswer, loadCurrentTurnText, loadTurnText } from './journal/turn-text.js'
export {
  createAgentSnapshot,
  createLimitsSnapshot,
  convertSnapshotToFact,
  stateSnapshotFormat,
} from './journal/state-snapshot.js'
export { parseJournaledFact } from './journal/parse-journaled-fact.js'
export {
  listAnswerableQuestions,
  listOpenQuestions,
  listPendingApprovals,
  type AgentReportContent,
} from './agent/reports.js'
export { describeLaunchAttempt } from './launch/launch-route.js'
export {
  isDecidedByPolicy,
  type PermissionAnswerChannel,
  type QuestionResolutionSource,
  type ToolCallJudge,
  type ToolCallRuling,
} from './questions/tool-call-ruling.js'
export { getAgentAuthority, createSessionRights } from './launch/session-rights.js'
export {
  type FactListener,
  type IdGenerators,
  type MachinePort,
  type Supervisor,
  type SupervisorOptions,
} from './supervisor/supervisor.js'
export { createSupervisor, createRandomAgentId } from './supervisor/create-supervisor.js'
export { waitForTask, deleteDeliveredTask, launchTask, type TaskResult } from './requests/wait-for-task.js'
export {
  cancelWaitTicket,
  addAgentToWaitTicket,
  markWaitTicketUnpolled,
  pollWaitTicket,
  openWaitTicket,
  type WaitTicketView,
  type WaitTicketPollOptions,
  type WaitTicketQuery,
} from './requests/wait-ticket.js'
export { type WaitTicket } from './state/wait-tickets.js'
export { waitTicketLifetimeMs } from './agent/agent-wait-ticket.js'
export { mayFactChangeStatus, waitForFact } from './requests/wait-for-fact.js'
export {
  mayNotifyHostOfAgent,
  computeReportKeys,
  listAgentsWithUnreadReports,
  type ReportKeys,
  type AgentsWithUnreadReports,
  type UnreadReportsQuery,
} from './requests/agents-with-unread-reports.js'
export {
  waitForHostWakeReason,
  findHostSession,
  hostWakeDelayMs,
  type HostWakeReason,
} from './requests/wait-for-host-wake-reason.js'
export {
  offerReportsToCaller,
  waitForReports,
  type ReportDelivery,
  type ReportWaitResult,
} from './requests/wait-for-reports.js'
export { readReportTexts, type ReportTexts } from './requests/report-texts.js'
export {
  selectNewReports,
  computeWaitOutcome,
  type AgentWithNewReports,
  type AgentWaitOutcome,
  type AgentWaitQuery,
} from './requests/agent-wait-outcome.js'
export { type QueuePosition } from './capacity/queue-position.js'

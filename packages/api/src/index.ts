export {
  agentSummaryShape,
  failureShape,
  PermissionRequestSummarySchema,
  type AgentActivityItem,
  type AgentStatus,
  type AgentSummary,
  type LaunchAttempt,
  type PermissionRequestSummary,
  type TurnSummary,
} from './agent-schema.js'
export { AcceptanceOptions } from './checks/acceptance-options.js'
export {
  CheckEvidence,
  ResultGrade,
  TurnCheckResult,
  type GateEvidence,
  type GateRunResult,
  type GitTreeEvidence,
} from './checks/check-schema.js'
export { CodeReview } from './checks/code-review.js'
export { describeEvidence, describeGateRun } from './checks/describe-evidence.js'
export { encodeTaskAnnouncement, decodeTaskAnnouncement, type TaskAnnouncement } from './task-announcement.js'
export {
  SendMessageAnswer,
  PermissionAnswerResult,
  PooledAgentList,
  PoolResetAnswer,
  WarmUpAnswer,
  type AgentDetail,
  type DaemonHealth,
  type InterruptAnswer,
  type TaskResultAnswer,
  type KillAnswer,
  type LaunchAnswer,
  type DeleteAgentsAnswer,
  type ReleaseAgentAnswer,
  type StopDaemonAnswer,
  type WaitForAgentsAnswer,
} from './endpoint-answers.js'
export { daemonApi } from './api.js'
export {
  requestingProcessHeader,
  encodeRequestingProcessHeader,
  decodeRequestingProcessHeader,
  type RequestingProcess,
} from './requesting-process.js'
export {
  longestTaskSeconds,
  longestWaitSeconds,
  type AnswerPermissionBody,
  type InvokeBody,
  type LaunchBody,
  type SendMessageBody,
  type PoolBody,
  type DeleteAgentsBody,
  type RoutesBody,
  type StopDaemonBody,
  type WaitForAgentsBody,
  type WarmupBody,
} from './request-bodies.js'
export {
  changeActions,
  changeActionAnswerShape,
  changeCountShape,
  agentChangesShape,
  type ChangeActionAnswer,
  type ChangeCount,
  type ChangedFile,
  type AgentChanges,
  type ChangeActionBody,
  type ListedWorktree,
} from './changes-schema.js'
export { type Endpoint } from './endpoint.js'
export { StreamedFact } from './streamed-fact.js'
export { createErrorAnswer, httpStatusByErrorCode, parseErrorAnswer } from './error-answer.js'
export { Budget } from './budget.js'
export {
  storedLaunchOptions,
  AttachedFiles,
  launchOptions,
  OutputSchema,
  pickSchemaKeys,
  listedLaunchOptions,
  type StoredLaunchOptions,
  type LaunchOption,
  type LaunchOptions,
} from './launch-options.js'
export {
  createLaunchOptionRuleCheck,
  launchOptionRules,
  type LaunchOptionRule,
} from './launch-option-rules.js'
export { getLaunchOptionSchemas, type LaunchOptionsOfSurface, type LaunchSurface } from './launch-surfaces.js'
export { readonlyListSchema, looseObjectSchema } from './response-schemas.js'
export { longestMailWaitMs, type SendMailBody } from './mail/mail-request-bodies.js'
export { mailMessageShape } from './mail/mail-schema.js'
export { MessageText } from './message-text.js'
export { createOpenApiDocument } from './openapi.js'
export { ChangedAgentsEvent, dashboardOneTimeCodeLifetimeSeconds } from './page/dashboard-page-endpoints.js'
export { endpointNamesForDashboard } from './page/endpoint-names-for-dashboard.js'
export { parseInputBySchema } from './parse-input-by-schema.js'
export { type PendingPermissionRequest, type PermissionAuditRecord } from './permission-schema.js'
export { type PooledAgentUsage, type PooledAgent, type PooledProcess } from './pool-schema.js'
export {
  type RecapQuery,
  RecapReport,
  type ToolCallDecisionSource,
  type RecapAgent,
  type RecapCommand,
  type RecapPendingItem,
} from './reports/recap-schema.js'
export {
  splitExcerptAtMatches,
  type SearchQuery,
  SearchReport,
  type FoundPassage,
} from './reports/search-schema.js'
export { type TokenUsageQuery, TokenUsageReport, type UsageGroup } from './reports/usage-schema.js'
export {
  WorkerSettingsWithFolder,
  WorkerRestartLimit,
  workerSettings,
  type StartFleetBody,
  type KeepWorkerBody,
  type PermissionMode,
  type RunWorkerBody,
  type WorkerSettings,
} from './workers/worker-settings.js'
export { WorkerStreamEnd, WorkerLogLine, type WorkerFleet, type WorkerView } from './workers/worker-view.js'

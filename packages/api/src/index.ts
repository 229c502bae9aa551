export {
  agentSummaryShape,
  failureShape,
  QuestionSummarySchema,
  type ActivityItem,
  type AgentStatus,
  type AgentSummary,
  type LaunchAttempt,
  type QuestionSummary,
  type TurnSummary,
} from './agent-schema.js'
export { AcceptanceOptions } from './checks/accept-options.js'
export {
  CheckEvidence,
  ResultGrade,
  TurnCheck,
  type GateEvidence,
  type GateRunResult,
  type GitTreeEvidence,
} from './checks/check-schema.js'
export { CodeReview } from './checks/code-review.js'
export { describeEvidence, describeGateRun } from './checks/describe-evidence.js'
export { encodeTaskAnnouncement, decodeTaskAnnouncement, type TaskAnnouncement } from './task-announcement.js'
export {
  MessageAnswer,
  PermissionAnswerResult,
  PoolList,
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
  type WaitAnswer,
} from './endpoint-answers.js'
export { api } from './api.js'
export {
  requestingProcessHeader,
  encodeProcessHeader,
  decodeProcessHeader,
  type RequestingProcess,
} from './requesting-process.js'
export {
  longestTaskSeconds,
  longestWaitSeconds,
  type AnswerPermissionBody,
  type InvokeBody,
  type LaunchBody,
  type MessageBody,
  type PoolBody,
  type DeleteAgentsBody,
  type RoutesBody,
  type StopDaemonBody,
  type WaitBody,
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
export { createErrorAnswer, httpErrorStatus, parseErrorAnswer } from './error-answer.js'
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
export { checkLaunchRules, launchRules, type LaunchRule } from './launch-rules.js'
export { getLaunchOptionSchemas, type LaunchOptionsFor, type LaunchSurface } from './launch-surfaces.js'
export { listSchema, looseObject } from './loose-object.js'
export { longestMailWaitMs, type SendMailBody } from './mail/mail-request-bodies.js'
export { mailMessageShape } from './mail/mail-schema.js'
export { MessageText } from './message-text.js'
export { createOpenApiDocument } from './openapi.js'
export { ChangedAgentsEvent, dashboardCodeLifetimeSeconds } from './page/dashboard-api.js'
export { dashboardEndpoints } from './page/dashboard-endpoints.js'
export { parseInput } from './parse-input.js'
export { type PendingQuestion, type PermissionRecord } from './permission-schema.js'
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
  RestartLimit,
  workerSettings,
  type StartFleetBody,
  type KeepWorkerBody,
  type PermissionMode,
  type WorkerBody,
  type WorkerSettings,
} from './workers/worker-settings.js'
export { WorkerStreamEnd, WorkerLogLine, type Fleet, type WorkerView } from './workers/worker-view.js'

export {
  agentSummaryKeys,
  failureShape,
  QuestionSummarySchema,
  type ActivityItem,
  type AgentStatus,
  type AgentSummary,
  type LaunchAttempt,
  type QuestionSummary,
  type TurnSummary,
} from './agent-schema.js'
export { AcceptOptions } from './checks/accept-options.js'
export {
  CheckEvidence,
  ResultGrade,
  TurnCheck,
  type GateEvidence,
  type GateRun,
  type TreeEvidence,
} from './checks/check-schema.js'
export { CodeReview } from './checks/code-review.js'
export { describeEvidence, describeGateEnd } from './checks/evidence-text.js'
export { encodeTaskAnnouncement, decodeTaskAnnouncement, type TaskAnnouncement } from './announcement.js'
export {
  MessageAnswer,
  PermissionAnswerResult,
  PoolList,
  PoolResetAnswer,
  WarmUpAnswer,
  type AgentDetail,
  type DaemonHealth,
  type InterruptAnswer,
  type TaskAnswer,
  type KillAnswer,
  type LaunchAnswer,
  type DeleteAgentsAnswer,
  type ReleaseAgentAnswer,
  type StopDaemonAnswer,
  type WaitAnswer,
} from './answers.js'
export { api } from './api.js'
export { processHeader, encodeProcessHeader, decodeProcessHeader, type RequestingProcess } from './asker.js'
export {
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
} from './bodies.js'
export {
  changeActions,
  changeActionAnswerKeys,
  changeCountKeys,
  agentChangesKeys,
  type ChangeActionAnswer,
  type ChangeCount,
  type ChangedFile,
  type AgentChanges,
  type ChangeActionBody,
  type ListedWorktree,
} from './changes-schema.js'
export { type Endpoint } from './endpoint.js'
export { StreamedFact } from './streamed-fact.js'
export { toErrorAnswer, httpErrorStatus, fromErrorAnswer } from './error-answer.js'
export { Budget } from './budget.js'
export {
  storedLaunchOptions,
  AttachedFiles,
  launchOptions,
  OutputSchema,
  pickKeys,
  shownLaunchOptions,
  type StoredLaunchOptions,
  type LaunchOption,
  type LaunchOptions,
} from './launch-options.js'
export { checkLaunchRules, launchRules, type LaunchRule } from './launch-rules.js'
export { launchOptionsOf, type LaunchOptionsOf, type LaunchSurface } from './launch-surfaces.js'
export { listSchema, looseObject } from './loose-object.js'
export { longestMailWaitMs, type SendMailBody } from './mail/mail-bodies.js'
export { mailMessageKeys } from './mail/mail-schema.js'
export { MessageText } from './message-text.js'
export { openApiDocument } from './openapi.js'
export { ChangedAgents, dashboardCodeSeconds } from './page/page-api.js'
export { dashboardEndpoints } from './page/page-endpoints.js'
export { parseInput } from './parse-input.js'
export { type PendingQuestion, type PermissionRecord } from './permission-schema.js'
export { type PooledAgentUsage, type PooledAgent, type PooledProcess } from './pool-schema.js'
export {
  RecapReport,
  type CallDecider,
  type RecapAgent,
  type RecapCommand,
  type RecapPendingItem,
} from './reports/recap-schema.js'
export { splitExcerpt, SearchReport, type FoundPassage } from './reports/search-schema.js'
export { UsageReport, type UsageGroup } from './reports/usage-schema.js'
export {
  PlacedWorker,
  RestartLimit,
  workerSettings,
  type StartFleetBody,
  type KeepWorkerBody,
  type PermissionMode,
  type WorkerBody,
  type WorkerSettings,
} from './workers/worker-settings.js'
export { WorkerEnded, WorkerNews, type Fleet, type WorkerView } from './workers/worker-view.js'

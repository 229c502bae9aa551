export {
  agentSummaryShape,
  failureShape,
  QuestionSummarySchema,
  type ActivityItem,
  type AgentStatus,
  type AgentSummary,
  type Attempt,
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
export { evidenceLine, gateEnd } from './checks/evidence-text.js'
export { encodeAnnouncement, decodeAnnouncement, type TaskAnnouncement } from './announcement.js'
export {
  MessageAnswer,
  PermissionAnswered,
  PoolList,
  PoolResetAnswer,
  WarmUpAnswer,
  type AgentDetail,
  type Health,
  type InterruptAnswer,
  type TaskAnswer,
  type KillAnswer,
  type LaunchAnswer,
  type PruneAnswer,
  type ReleaseAnswer,
  type StopAnswer,
  type WaitAnswer,
} from './answers.js'
export { api } from './api.js'
export { askerHeader, askerHeaders, readAsker, type RequestingProcess } from './asker.js'
export { WorkerConnected, type WorkerConnection, type AttendanceBody } from './worker-connection-schema.js'
export {
  type AnswerBody,
  type InvokeBody,
  type LaunchBody,
  type MessageBody,
  type PoolBody,
  type PruneBody,
  type RoutesBody,
  type StopBody,
  type WaitBody,
  type WarmupBody,
} from './bodies.js'
export {
  changeActions,
  changeActionShape,
  changeCountShape,
  changesShape,
  type ChangeActionAnswer,
  type ChangeCount,
  type ChangedFile,
  type Changes,
  type ChangesBody,
  type ListedWorktree,
} from './changes-schema.js'
export { type Endpoint } from './endpoint.js'
export { StreamedFact } from './streamed-fact.js'
export { errorAnswer, errorStatus, readError } from './error-answer.js'
export { type Fleet, type FleetBody, type FleetWorker } from './fleet-schema.js'
export { Budget } from './budget.js'
export {
  keptOptions,
  Files,
  launchOptions,
  OutputSchema,
  pickKeys,
  shownOptions,
  type KeptOptions,
  type LaunchOption,
  type LaunchOptions,
} from './launch-options.js'
export { checkRules, launchRules, type LaunchRule } from './launch-rules.js'
export { launchOptionsOf, type LaunchOptionsOf, type LaunchSurface } from './launch-surfaces.js'
export { listOf, looseObject } from './loose-object.js'
export { longestPoll, type SendMailBody } from './mail/mail-bodies.js'
export { messageShape } from './mail/mail-schema.js'
export { MessageText } from './message-text.js'
export { openApiDocument } from './openapi.js'
export { ChangedAgents, pageCodeSeconds } from './page/page-api.js'
export { pageEndpoints } from './page/page-endpoints.js'
export { parseInput } from './parse-input.js'
export { type PendingQuestion, type PermissionRecord } from './permission-schema.js'
export { type AgentFigures, type ListedAgent, type PooledProcess } from './pool-schema.js'
export {
  RecapReport,
  type Decider,
  type RecapAgent,
  type RecapCommand,
  type RecapNeed,
} from './reports/recap-schema.js'
export { excerptParts, SearchReport, type FoundPassage } from './reports/search-schema.js'
export { UsageReport, type UsageGroup } from './reports/usage-schema.js'

export { createDelayedCall, systemClock, type Clock, type DelayedCall } from './clock.js'
export { mailPageSizes } from './page-sizes.js'
export { isAsSevere, eventSeverities, EventSeverity } from './severity.js'
export {
  isOneClaudeToolName,
  permissionPresets,
  type DriverAbilities,
  type CloseMode,
  type Driver,
  type JsonSchema,
  type SessionEventSink,
  type SessionMcpServers,
  type CliModels,
  type OpenOutcome,
  type PermissionPreset,
  type CliStatus,
  type DriverSession,
  type SessionSpec,
  type SessionTools,
} from './driver.js'
export { defined, type Defined } from './defined.js'
export {
  callTimeLimitVariable,
  defaultCallTimeLimit,
  hostCallTimeLimit,
  modelProviderOfHost,
  modelProviderOfCommand,
} from './host-call-limit.js'
export { isPathInside } from './is-inside.js'
export { isMissingFileError } from './is-missing.js'
export { once } from './once.js'
export { type PoolLoad } from './pool-load.js'
export { formatLocalDate } from './local-date.js'
export { parseJson } from './parse-json.js'
export { callAfterLoopTime } from './loop-time.js'
export { FailureReason, type Failure } from './failure.js'
export { findModel, type EffortChoice, type Model } from './model.js'
export {
  efforts,
  type ToolApprovalDecision,
  type Effort,
  type ImageType,
  type MessageFile,
  type SessionCommand,
} from './session-command.js'
export {
  type AccountLimit,
  type ApprovalRequest,
  type SessionEvent,
  type TurnOutcome,
  type TurnUsage,
} from './session-event.js'
export { mcpServerName } from './server-name.js'
export { type HostSession, type HostMessageQueue } from './session-queue.js'
export { SubagentError, type ErrorCode } from './subagent-error.js'
export { isTaskCategory, taskCategories, type TaskCategory } from './task-category.js'
export { searchTextKinds, type SearchTextKind } from './passage-kind.js'
export { usageGroupings, type UsageGrouping } from './usage-grouping.js'

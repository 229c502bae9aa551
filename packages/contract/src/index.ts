export { delayCall, systemClock, type Clock, type DelayedCall } from './clock.js'
export { pageSizes } from './page-sizes.js'
export { isAsSevere, eventSeverities, Severity } from './severity.js'
export {
  isOneClaudeToolName,
  permissionPresets,
  type Abilities,
  type CloseMode,
  type Driver,
  type JsonSchema,
  type SessionEventSink,
  type SessionMcpServers,
  type CliModels,
  type OpenOutcome,
  type PermissionPreset,
  type CliProbe,
  type DriverSession,
  type SessionSpec,
  type CliTools,
} from './driver.js'
export { defined, type Defined } from './defined.js'
export {
  callLimitVariable,
  defaultCallLimit,
  hostCallLimit,
  hostVendor,
  shellVendor,
} from './host-call-limit.js'
export { isInside } from './is-inside.js'
export { isMissingFileError } from './is-missing.js'
export { once } from './once.js'
export { type PoolLoad } from './pool-load.js'
export { localDate } from './local-date.js'
export { parseJson } from './parse-json.js'
export { afterEventLoopTime } from './loop-time.js'
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
  type ToolApproval,
  type SessionEvent,
  type TurnOutcome,
  type Usage,
} from './session-event.js'
export { type HostSession, type SessionQueue } from './session-queue.js'
export { SubagentError, type ErrorCode } from './subagent-error.js'
export { isTaskCategory, taskCategories, type TaskCategory } from './task-category.js'
export { passageKinds, type PassageKind } from './passage-kind.js'
export { usageGroupings, type UsageGrouping } from './usage-grouping.js'

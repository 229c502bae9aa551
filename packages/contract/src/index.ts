export {
  createDebouncedCall,
  createStoppableClock,
  repeatAligned,
  systemClock,
  type Clock,
  type DebouncedCall,
} from './clock.js'
export { mailPageSizes } from './mail-page-sizes.js'
export { isSeverityAtLeast, eventSeverities, EventSeverity } from './event-severity.js'
export {
  isSingleClaudeToolName,
  permissionPresets,
  type DriverAbilities,
  type SessionCloseMode,
  type Driver,
  type JsonSchema,
  type SessionEventSink,
  type SessionMcpServers,
  type CliModelList,
  type SessionOpenOutcome,
  type PermissionPreset,
  type CliStatus,
  type DriverSession,
  type SessionSpec,
  type SessionTools,
} from './driver.js'
export { omitUndefined, selectDefinedVariables, type WithoutUndefined } from './omit-undefined.js'
export {
  callTimeLimitVariable,
  getDefaultCallTimeLimit,
  readHostCallTimeLimit,
  findModelProviderOfHost,
  findModelProviderOfCommand,
} from './host-call-limit.js'
export { isPathInside } from './is-path-inside.js'
export { isMissingFileError } from './is-missing-file-error.js'
export { createEffectQueue } from './effect-queue.js'
export { once } from './once.js'
export { type PoolLoad } from './pool-load.js'
export { formatLocalDate, formatLocalTime } from './format-local-date.js'
export { computeEditDistance, formatCountWithNoun } from './words.js'
export { parseJson } from './parse-json.js'
export { callAfterEventLoopTime } from './event-loop-time.js'
export { FailureReason, type Failure } from './failure.js'
export { findModelByIdOrAlias, type EffortTranslation, type Model } from './model.js'
export {
  reasoningEfforts,
  type ToolApprovalDecision,
  type ReasoningEffort,
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
export {
  mcpServerName,
  type LocalMcpClient,
  type LocalMcpConnection,
  type LocalMcpServer,
} from './mcp-server.js'
export { type HostSessionThread, type HostMessageQueue } from './host-message-queue.js'
export { SubagentError, type ErrorCode } from './subagent-error.js'
export { isTaskCategory, taskCategories, type TaskCategory } from './task-category.js'
export { searchTextKinds, usageGroupings, type SearchTextKind, type UsageGrouping } from './report-options.js'

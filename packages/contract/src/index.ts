export { systemClock, type Clock } from './clock.js'
export { pageSizes } from './page-sizes.js'
export { isAsSevere, severities, Severity } from './severity.js'
export {
  isOneToolName,
  permissionPresets,
  type Abilities,
  type CloseMode,
  type Driver,
  type EventSink,
  type McpChoice,
  type ModelList,
  type OpenOutcome,
  type PermissionPreset,
  type Probe,
  type Session,
  type SessionSpec,
  type ToolChoice,
} from './driver.js'
export { defined, type Defined } from './defined.js'
export { callLimitVariable, defaultCallLimit, hostCallLimit } from './host-call-limit.js'
export { isInside } from './is-inside.js'
export { isMissingFileError } from './is-missing.js'
export { once } from './once.js'
export { type PoolLoad } from './pool-load.js'
export { parseJson } from './parse-json.js'
export { afterLoopTime } from './loop-time.js'
export { FailureReason, type Failure } from './failure.js'
export { findModel, type EffortChoice, type Model } from './model.js'
export { efforts, type ApprovalDecision, type Effort, type SessionCommand } from './session-command.js'
export {
  type AccountLimit,
  type ApprovalRequest,
  type SessionEvent,
  type TurnOutcome,
  type Usage,
} from './session-event.js'
export { type HostSession, type SessionQueue } from './session-queue.js'
export { SubagentError, type ErrorCode } from './subagent-error.js'
export { isTaskCategory, taskCategories, type TaskCategory } from './task-category.js'

export { checkOutputSchema, createTurnCheck } from './checks/check-turn.js'
export { type AgentHandle, type AgentHandleOptions, type AgentResult } from './agent-handle.js'
export { createCallerAgents } from './agents/caller-agents.js'
export { waitForAgents } from './agents/wait-for-agents.js'
export { readRoutesReport, type RoutesQuery } from './routes/read-routes-report.js'
export { type ClientInfo, type Connection } from './callers/connection.js'
export { createRuntime, type Runtime } from './create-runtime.js'
export { type CallerDefinitions } from './definitions/agent-service.js'
export {
  markInvalidDefinition,
  findDefinitionError,
  type DefinitionRules,
} from './definitions/check-definition.js'
export { type UserTrustSettings } from './definitions/check-definition-trust.js'
export { resolvePoolSettings, type PoolDefaults, type PoolSettings } from './definitions/pool-settings.js'
export { readPermissionAuditLog } from './state/read-permission-audit-log.js'
export { readApprovedProjectGates } from './acceptance/project-gates.js'
export { resolveFolder } from './folders.js'
export {
  reportRoutes,
  type CandidateReport,
  type CategoryReport,
  type ProviderReport,
  type RoutesReport,
} from './routes/routes-report.js'
export { surveyProviders } from './routes/survey-providers.js'
export { type NotifyOptions, type NotifySender } from './notify/notify-user-of-reports.js'
export { notifyEvents, notifyTestNotice, type UserNotice } from './notify/user-notice.js'
export { type RuntimeOptions } from './runtime-options.js'
export { createCallerChanges } from './worktrees/caller-changes.js'
export { createUserReports, type UserReports } from './reports/user-reports.js'
export { disabledWorktrees, type WorktreeSettings } from './worktrees/agent-worktrees.js'
export { createInMemoryState, type RuntimeState } from './state/runtime-state.js'
export { type StartedWorker, type StartWorkerOptions, type Workers } from './workers/create-workers.js'
export { planWorker, type WorkerPlan } from './workers/plan-worker.js'
export { type WorkerStorageOptions } from './workers/run-worker-loops.js'
export { toWorkerLogLine, type WorkerEvent } from './workers/worker-event.js'

export {
  startChildProcess,
  type ChildProcessHandle,
  type ChildProcessExit,
  type ChildProcessOptions,
} from './child/child.js'
export { buildChildEnvironment } from './environment/child-environment.js'
export { getHomeFolder, type Environment } from './environment/environment.js'
export {
  findPermissionCeilings,
  computeNestingDepth,
  createNestingVariables,
  findCallerMailboxName,
  mailboxNameVariable,
  findEnclosingChild,
  findHostPids,
} from './environment/nesting.js'
export { createAnswerDeadlines, type AnswerDeadlines } from './session/deadlines.js'
export {
  createModelApiFailure,
  createRpcRefusalFailure,
  createCliExitFailure,
  launchAbortFailure,
  getFailureReasonForStatus,
  createExceptionFailure,
  ephemeralResumeFailure,
  sessionIsOpenFailure,
  createUnlistedModelFailure,
} from './session/failures.js'
export { computeExecutableStamp, computeFileStamp } from './executable/file-stamp.js'
export { findExecutable } from './executable/find-executable.js'
export { killOrphanedProcesses } from './processes/kill-processes.js'
export { delaySessionEvents } from './session/delay-events.js'
export { type JsonRpcError, type JsonRpcId } from './json-rpc/json-rpc-message.js'
export {
  type JsonRpcOutcome,
  type JsonRpcPeer,
  type JsonRpcPeerOptions,
  type JsonRpcReply,
  type JsonRpcRequest,
  type SendRpcReply,
} from './json-rpc/json-rpc-peer.js'
export { findCliPreflightFailure, computeCliStamp, locateCliExecutable, type Cli } from './executable/cli.js'
export { readLockHolderPid, releaseLockFile, takeLockFile, withLockFile } from './files/lock-file.js'
export { createFolderWithParents, removeFolderIfPossible } from './files/make-folder.js'
export { childMarkVariable } from './processes/find-processes.js'
export { isOwnerProcessAlive, getPidScope } from './processes/pid-scope.js'
export { readProjectInstructions } from './project/project-instructions.js'
export { listFolderAndParents, listFoldersToGitRoot, findProjectRoot } from './project/project-root.js'
export { trySignalProcess } from './processes/process-group.js'
export { processHasTerminal } from './processes/process-table.js'
export { pidExists, isSameProcessRunning, readProcessStartTime } from './processes/start-time.js'
export {
  type RepositoryTableCell,
  type RepositoryTableColumn,
  type RepositoryTableOutcome,
  type RepositoryTableRow,
} from './repository-table.js'
export { isProgramStartVariable } from './environment/starting-variables.js'
export {
  awaitRpcReady,
  startRpcProcess,
  type RpcProcess,
  type RpcProcessOptions,
} from './json-rpc/rpc-process.js'
export { runTimedCommand, type TimedCommand, type CommandResult } from './child/run-timed-command.js'
export { measureResidentMemory } from './processes/resident-memory.js'
export { settlesWithin } from './settles-within.js'
export {
  createSharedProcesses,
  type ProcessLease,
  type SharedProcesses,
  type SharedProcessesOptions,
  type SharedProcessStart,
} from './session/shared-process.js'
export {
  openSharedSession,
  type OpenSharedSession,
  type OpenedConversation,
  type SharedHostProcess,
  type SharedSessionSteps,
} from './session/shared-session.js'
export { computeEnvironmentKey } from './environment/sharing-key.js'
export {
  killListedProcesses,
  killTaggedProcesses,
  findTaggedProcesses,
  type ProcessTag,
} from './processes/tagged-processes.js'
export { createWatchdog, type Watchdog } from './child/watchdog.js'
export {
  fillDriverSettings,
  type DriverOptions,
  type DriverSettings,
  type SessionOwner,
} from './session/driver-options.js'
export {
  createSessionListeners,
  type SessionListener,
  type SessionListeners,
  type RpcNotification,
} from './session/session-listeners.js'
export {
  createRpcSession,
  getOutcomeAtSessionEnd,
  type RpcReply,
  type RpcSession,
  type RpcStep,
} from './session/rpc-session.js'
export { composeMessage, type MessageImage } from './session/message-files.js'
export {
  createNoSuchRequestNotice,
  createNoticeEvent,
  createPromptRefusedEvent,
  createApprovalsWithdrawnEvents,
  type SessionCommandOfType,
} from './session/session-events.js'
export { addUsage, zeroUsage, computeUsageBetweenTotals, type UsageCount } from './session/usage-count.js'
export { expandMcpServer, createUnknownServersFailure } from './session/mcp-servers.js'
export { mayFileContainText, realPath } from './files/read-files.js'

export { startChild, type Child, type ChildExit, type ChildOptions } from './child/child.js'
export { childEnvironment } from './environment/child-environment.js'
export type { Environment } from './environment/environment.js'
export {
  ceilingsOf,
  depthOf,
  depthVariables,
  mailboxOf,
  mailboxVariable,
  childAround,
  hostProcesses,
} from './environment/nesting.js'
export { createDeadlines, type AnswerDeadlines } from './session/deadlines.js'
export {
  apiFailure,
  classifyRefusal,
  exitFailure,
  launchAborted,
  reasonOfStatus,
  unexpectedFailure,
} from './session/failures.js'
export { fileStamp } from './executable/file-stamp.js'
export { findExecutable } from './executable/find-executable.js'
export { killLeftovers } from './processes/leftovers.js'
export { holdEvents } from './session/hold-events.js'
export { type JsonRpcError, type JsonRpcId } from './json-rpc/json-rpc-message.js'
export {
  type JsonRpcAnswer,
  type JsonRpcPeer,
  type JsonRpcPeerOptions,
  type JsonRpcReply,
  type JsonRpcRequest,
  type Respond,
} from './json-rpc/json-rpc-peer.js'
export { locateCli, notSignedIn, type Cli } from './executable/cli.js'
export { lockHolder, releaseLockFile, takeLockFile, withLock } from './files/lock-file.js'
export { makeFolder } from './files/make-folder.js'
export { markVariable } from './processes/child-mark.js'
export { ownerIsAlive, pidScope } from './processes/pid-scope.js'
export { foldersAround, projectInstructions } from './project/project-instructions.js'
export { projectOf } from './project/project-root.js'
export { processesStartedWith } from './processes/find-processes.js'
export { signalGroup, signalIfThere } from './processes/process-group.js'
export { hasTerminal } from './processes/process-table.js'
export { pidExists, isSameProcessRunning, startTime } from './processes/start-time.js'
export {
  type RepositoryCell,
  type RepositoryColumn,
  type RepositoryOutcome,
  type RepositoryTableRow,
} from './repository-table.js'
export { isStartingVariable } from './environment/starting-variables.js'
export {
  awaitReady,
  startRpcProcess,
  type RpcProcess,
  type RpcProcessOptions,
} from './json-rpc/rpc-process.js'
export { runBriefly, type BriefRun, type CommandResult } from './child/run-briefly.js'
export { residentMemory } from './processes/resident-memory.js'
export { settlesWithin } from './settles-within.js'
export {
  createSharedProcesses,
  type ProcessLease,
  type SharedProcesses,
  type SharedProcessesOptions,
  type SharedStart,
} from './session/shared-process.js'
export {
  openSharedSession,
  type LiveSession,
  type OpenedConversation,
  type SharedHostProcess,
  type SharedSessionParts,
} from './session/shared-session.js'
export { sharingKey } from './environment/sharing-key.js'
export { killListed, killTagged, taggedProcesses, type ProcessTag } from './processes/tagged-processes.js'
export { createWatchdog, type Watchdog } from './child/watchdog.js'
export {
  driverSettings,
  type DriverOptions,
  type DriverSettings,
  type SessionOwner,
} from './session/driver-options.js'
export { createFollowers, type Follower, type Followers, type RpcNotification } from './session/followers.js'
export {
  createRpcSession,
  closingOutcome,
  type RpcReply,
  type RpcSession,
  type RpcStep,
} from './session/rpc-session.js'
export { composeMessage, type MessageImage } from './session/message-files.js'
export {
  noSuchRequest,
  noticeEvent,
  promptRefused,
  withdrawApprovals,
  type CommandOf,
} from './session/session-events.js'
export { addUsage, zeroUsage, usageSince, type UsageCount } from './session/usage-count.js'
export { expandMcpServer, unknownMcpServers } from './session/mcp-failures.js'
export { homeOf } from './environment/home.js'
export { removeFolder } from './files/remove-folder.js'
export { mayContain, realPath } from './files/read-files.js'

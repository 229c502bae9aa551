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
} from './environment/nesting.js'
export { createDeadlines, type Deadlines } from './session/deadlines.js'
export { calledOff, exitFailure, unexpectedFailure } from './session/failures.js'
export { expandVariables } from './environment/expand-variables.js'
export { fileStamp } from './executable/file-stamp.js'
export { findExecutable } from './executable/find-executable.js'
export { endLeftovers } from './processes/leftovers.js'
export { holdEvents } from './session/hold-events.js'
export { type JsonRpcError, type JsonRpcId } from './json-rpc/json-rpc-message.js'
export {
  type JsonRpcAnswer,
  type JsonRpcPeer,
  type JsonRpcPeerOptions,
  type JsonRpcReply,
  type JsonRpcRequest,
} from './json-rpc/json-rpc-peer.js'
export { locate } from './executable/locate.js'
export { lockHolder, releaseLock, takeLock, withLock } from './files/lock-file.js'
export { makeFolder } from './files/make-folder.js'
export { markVariable } from './processes/child-mark.js'
export { ownerIsAlive, processPlace } from './processes/pid-scope.js'
export { foldersAround, projectInstructions } from './project/project-instructions.js'
export { projectOf } from './project/project-root.js'
export { processesStartedWith } from './processes/find-processes.js'
export { signalGroup, signalIfThere } from './processes/process-group.js'
export { hasTerminal } from './processes/process-table.js'
export { processIs, startTime } from './processes/start-time.js'
export {
  type RepositoryCell,
  type RepositoryColumn,
  type RepositoryOutcome,
  type RepositoryThing,
} from './repository-table.js'
export { isStartingVariable } from './environment/starting-variables.js'
export { startRpcProcess, type RpcProcess, type RpcProcessOptions } from './json-rpc/rpc-process.js'
export { runBriefly, type BriefRun, type Ran } from './child/run-briefly.js'
export { residentMemory } from './processes/resident-memory.js'
export { settlesWithin } from './settles-within.js'
export {
  createSharedProcesses,
  type Lease,
  type SharedProcesses,
  type SharedProcessesOptions,
  type SharedStart,
} from './session/shared-process.js'
export {
  openSharedSession,
  type LiveSession,
  type MadeConversation,
  type SharedHost,
  type SharedSessionParts,
} from './session/shared-session.js'
export { sharingKey } from './environment/sharing-key.js'
export { endListed, endTagged, taggedProcesses, type Tag } from './processes/tagged-processes.js'
export { createWatchdog, watchdogFor, type Watchdog } from './child/watchdog.js'

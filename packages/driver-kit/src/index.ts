export { startChild, type Child, type ChildExit, type ChildOptions } from './child.js'
export { childEnvironment } from './child-environment.js'
export type { Environment } from './environment.js'
export { ceilingsOf, depthOf, depthVariables, mailboxOf, mailboxVariable, childAround } from './depth.js'
export { createDeadlines, type Deadlines } from './deadlines.js'
export { calledOff, exitFailure, unexpectedFailure } from './failures.js'
export { expandVariables } from './expand-variables.js'
export { fileStamp } from './file-stamp.js'
export { findExecutable } from './find-executable.js'
export { endLeftovers } from './leftovers.js'
export { holdEvents } from './hold-events.js'
export { type JsonRpcError, type JsonRpcId } from './json-rpc-message.js'
export {
  type JsonRpcAnswer,
  type JsonRpcPeer,
  type JsonRpcPeerOptions,
  type JsonRpcReply,
  type JsonRpcRequest,
} from './json-rpc-peer.js'
export { locate } from './locate.js'
export { lockHolder, releaseLock, takeLock, withLock } from './lock-file.js'
export { makeFolder } from './make-folder.js'
export { markVariable } from './mark.js'
export { ownerIsAlive, processPlace } from './process-place.js'
export { foldersAround, projectInstructions } from './project-instructions.js'
export { projectOf } from './project-root.js'
export { processesStartedWith } from './environment-test.js'
export { signalGroup, signalIfThere } from './process-group.js'
export { hasTerminal } from './process-table.js'
export { processIs, startTime } from './start-time.js'
export {
  type RepositoryCell,
  type RepositoryColumn,
  type RepositoryOutcome,
  type RepositoryThing,
} from './repository-table.js'
export { isStartingVariable } from './starting-variables.js'
export { startRpcProcess, type RpcProcess, type RpcProcessOptions } from './rpc-process.js'
export { runBriefly, type BriefRun, type Ran } from './run-briefly.js'
export { residentMemory } from './resident-memory.js'
export { settlesWithin } from './settles-within.js'
export {
  createSharedProcesses,
  type Lease,
  type SharedProcesses,
  type SharedProcessesOptions,
  type SharedStart,
} from './shared-process.js'
export {
  openSharedSession,
  type LiveSession,
  type MadeConversation,
  type SharedHost,
  type SharedSessionParts,
} from './shared-session.js'
export { sharingKey } from './sharing-key.js'
export { endListed, endTagged, taggedProcesses, type Tag } from './tagged.js'
export { createWatchdog, watchdogFor, type Watchdog } from './watchdog.js'

export {
  createDaemonEnvironment,
  daemonNodeOptions,
  restartCountVariable,
  selectTraceVariables,
} from './life/daemon-environment.js'
export { openDaemonLog, openFileLog, type DaemonLog } from './life/daemon-log.js'
export { runDaemon, type DaemonEndReason, type DaemonRuntime } from './life/run-daemon.js'
export { watchStopRequests, type DaemonStopRequests } from './life/stop-requests.js'
export { watchEventLoop } from './life/watch-event-loop.js'
export { type ShimHello, type ShimWelcome } from './server/connections/shim-hello.js'
export { type DaemonPort } from './server/daemon-port.js'
export {
  startDaemonServer,
  type DaemonServer,
  type DaemonServerOptions,
} from './server/start-daemon-server.js'
export { readWorkerListFile, type FleetPlan, type WorkerListOwner } from './workers/worker-list.js'
export {
  openPersistentWorkers,
  type PersistentWorkers,
  type PersistentWorkersOptions,
} from './workers/persistent-workers.js'

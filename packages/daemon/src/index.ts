export {
  createDaemonEnvironment,
  restartCountVariable,
  selectTraceVariables,
} from './life/daemon-environment.js'
export { openDaemonLog, openFileLog, type DaemonLog } from './life/daemon-log.js'
export { runDaemon, type DaemonEndReason, type DaemonRuntime } from './life/run-daemon.js'
export { watchStopRequests, type DaemonStopRequests } from './life/stop-signals.js'
export { watchEventLoop } from './life/watch-loop.js'
export { type ShimHello, type ShimWelcome } from './server/connections/hello.js'
export { type DaemonPort } from './server/port.js'
export {
  startDaemonServer,
  type DaemonServer,
  type DaemonServerOptions,
} from './server/start-daemon-server.js'
export { readKeptWorkersFile, type KeeperOfWorkers } from './workers/kept-record.js'
export {
  openKeptWorkers,
  type FleetPlan,
  type KeptWorkers,
  type KeptWorkersParts,
} from './workers/kept-workers.js'

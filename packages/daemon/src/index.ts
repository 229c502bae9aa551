export {
  type AgentDetail,
  type Answered,
  type Health,
  type Interrupted,
  type Invoked,
  type Killed,
  type Launched,
  type PoolReset,
  type Pruned,
  type Released,
  type Sent,
  type Waited,
} from './api/answers.js'
export {
  type AnswerBody,
  type InvokeBody,
  type LaunchBody,
  type MessageBody,
  type PoolBody,
  type PruneBody,
  type RoutesBody,
  type StopBody,
  type WaitBody,
  type WarmupBody,
} from './api/bodies.js'
export { type PendingQuestion } from './api/permission-schema.js'
export { type Attendance, type AttendanceBody } from './api/attendance-schema.js'
export { type Fleet, type FleetBody, type FleetWorker } from './api/fleet-schema.js'
export { type HeldAttendance } from './client/attend.js'
export { checkOwnPlace } from './client/own-place.js'
export { connectDaemon, type DaemonClient } from './client/connect-daemon.js'
export { type DaemonSelf, type MailClient } from './client/mail-client.js'
export { type StartedTask } from './client/start-task.js'
export { type EventsQuery, type FactEvent } from './client/follow-facts.js'
export { type FleetPort } from './server/fleet-port.js'
export { type Hello, type Welcome } from './server/hello.js'
export { type DaemonPort } from './server/port.js'
export {
  startDaemonServer,
  type DaemonServer,
  type DaemonServerOptions,
} from './server/start-daemon-server.js'

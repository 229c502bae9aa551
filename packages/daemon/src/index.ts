export { type FleetPort } from './server/fleet-port.js'
export { type Hello, type Welcome } from './server/hello.js'
export {
  type DaemonPort,
  type Environment,
  type FactHistory,
  type FactPage,
  type Guest,
  type RoutesQuery,
  type Visit,
} from './server/port.js'
export {
  startDaemonServer,
  type DaemonServer,
  type DaemonServerOptions,
} from './server/start-daemon-server.js'

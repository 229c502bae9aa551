import type { AgentSummary, PermissionRecord } from '@subagent-mcp/core'
import type {
  AgentDetail,
  Answered,
  Health,
  Interrupted,
  Invoked,
  Killed,
  Launched,
  PoolList,
  PoolReset,
  Pruned,
  Released,
  Sent,
  Stopping,
  Waited,
  WarmedUp,
} from '../api/answers.js'
import { api } from '../api/api.js'
import { askerHeaders } from '../api/asker.js'
import type { Attendance, AttendanceBody } from '../api/attendance-schema.js'
import type { Fleet, FleetBody } from '../api/fleet-schema.js'
import type { PendingQuestion } from '../api/permission-schema.js'
import type {
  AnswerBody,
  InvokeBody,
  LaunchBody,
  MessageBody,
  PoolBody,
  PruneBody,
  RoutesBody,
  StopBody,
  WaitBody,
  WarmupBody,
} from '../api/bodies.js'
import { attend, type HeldAttendance } from './attend.js'
import { call } from './call.js'
import { keepAsking } from './keep-asking.js'
import { createMailClient, type MailClient, type DaemonSelf } from './mail-client.js'
import { startTask, type StartedTask } from './start-task.js'
import { followFacts, type EventsQuery, type FactEvent } from './follow-facts.js'

/**
 * The daemon, asked over its socket. Every call makes a request of its own.
 * @throws SubagentError `daemon-unreachable` when none answers, else the code that the daemon gave
 */
export type DaemonClient = {
  health(): Promise<Health>
  /** The oldest launch first. */
  agents(query?: { project?: string }): Promise<readonly AgentSummary[]>
  agent(id: string): Promise<AgentDetail>
  launch(body: LaunchBody): Promise<Launched>
  send(id: string, body: MessageBody): Promise<Sent>
  answer(id: string, body: AnswerBody): Promise<Answered>
  /** The oldest question first. */
  permissions(): Promise<readonly PendingQuestion[]>
  /** The newest lines of the audit log, oldest first. */
  permissionLog(query?: { agent?: string; limit?: number }): Promise<readonly PermissionRecord[]>
  interrupt(id: string): Promise<Interrupted>
  release(id: string): Promise<Released>
  kill(id: string): Promise<Killed>
  /** Aborting `signal` hangs up, and rejects. */
  wait(body: WaitBody, signal?: AbortSignal): Promise<Waited>
  /** Aborting `signal` hangs up; the task goes on until its own time is over, and `wait` tells its answer. */
  invoke(body: InvokeBody, signal?: AbortSignal): Promise<Invoked>
  /** The same, as soon as it is launched. */
  startTask(body: InvokeBody, signal: AbortSignal): Promise<StartedTask>
  pool(body: PoolBody): Promise<PoolList['agents']>
  /** Aborting `signal` hangs up, and calls it off. */
  warmUp(agent: string, body: WarmupBody, signal?: AbortSignal): Promise<WarmedUp['process']>
  resetPool(agent: string, body: PoolBody): Promise<PoolReset>
  prune(body: PruneBody): Promise<Pruned>
  /** Connects anew by itself where the connection breaks; ends when the signal aborts, throws when the daemon is gone. */
  events(query: EventsQuery): AsyncIterable<FactEvent>
  mail: MailClient
  /** Is there as a worker, until `signal` aborts, it leaves, or the daemon ends. */
  attend(body: AttendanceBody, signal: AbortSignal): Promise<HeldAttendance>
  /** The workers that are there. */
  attendances(): Promise<readonly Attendance[]>
  /** The workers that the daemon keeps running. */
  fleet(): Promise<Fleet>
  /** Resolves before they are there. */
  fleetUp(body: FleetBody): Promise<Fleet>
  /** Resolves with their names when they have ended. */
  fleetDown(): Promise<readonly string[]>
  routes(body: RoutesBody): Promise<unknown>
  metrics(): Promise<string>
  /** Resolves when the daemon has taken the order, before it has ended. */
  stop(body: StopBody): Promise<Stopping>
}

/**
 * A client of the daemon on a socket. Makes no connection before it is asked something. Without `self` what it sends is
 * from a program that nobody knows.
 */
export function connectDaemon({ socketPath, self }: { socketPath: string; self?: DaemonSelf }): DaemonClient {
  const at = { socketPath, headers: self ? askerHeaders(self) : {} }
  const ask = keepAsking(at)
  return {
    health: () => call(at, api.health, {}),
    agents: async (query = {}) => (await ask(api.listAgents, { query })).agents,
    agent: (id) => ask(api.getAgent, { params: { id } }),
    launch: (body) => ask(api.launchAgent, { body }),
    send: (id, body) => ask(api.sendMessage, { params: { id }, body }),
    answer: (id, body) => call(at, api.answerPermission, { params: { id }, body }),
    permissions: async () => (await call(at, api.listPermissions, {})).permissions,
    permissionLog: async (query = {}) => (await call(at, api.permissionLog, { query })).records,
    interrupt: (id) => ask(api.interruptAgent, { params: { id } }),
    release: (id) => ask(api.releaseAgent, { params: { id } }),
    kill: (id) => ask(api.killAgent, { params: { id } }),
    wait: (body, signal) => ask(api.waitForAgents, { body, ...(signal && { signal }) }),
    invoke: (body, signal) => call(at, api.invoke, { body, ...(signal && { signal }) }),
    startTask: (body, signal) => startTask(at, body, signal),
    pool: async (body) => (await call(at, api.listPool, { body })).agents,
    warmUp: async (agent, body, signal) =>
      (await call(at, api.warmUp, { params: { agent }, body, ...(signal && { signal }) })).process,
    resetPool: (agent, body) => call(at, api.resetPool, { params: { agent }, body }),
    prune: (body) => call(at, api.pruneAgents, { body }),
    events: (query) => followFacts(at, query),
    mail: createMailClient(ask, self),
    attend: (body, signal) => attend(at, body, signal),
    attendances: async () => (await call(at, api.listAttendances, {})).attendances,
    fleet: () => call(at, api.fleet, {}),
    fleetUp: (body) => call(at, api.fleetUp, { body }),
    fleetDown: async () => (await call(at, api.fleetDown, {})).ended,
    routes: (body) => call(at, api.routes, { body }),
    metrics: () => call(at, api.metrics, {}),
    stop: (body) => call(at, api.stop, { body }),
  }
}

import { api } from '@subagent-mcp/api'
import { attend, type HeldAttendance } from './attend.js'
import { call } from './call.js'
import { followFacts, type EventsQuery, type FactEvent } from './follow-facts.js'
import { keepAsking } from './keep-asking.js'
import { createMailClient, type DaemonSelf, type MailClient } from './mail-client.js'
import { startTask, type StartedTask } from './start-task.js'
import type { Answer, Body, Query } from './table-types.js'

/**
 * The daemon, asked over its socket. What each method takes and resolves with is that of an endpoint of the HTTP API.
 * @throws SubagentError `daemon-unreachable` when no daemon answers, else the code that the daemon gave
 */
export type DaemonClient = {
  health(): Promise<Answer<'health'>>
  /** The oldest launch first. */
  agents(query?: Query<'listAgents'>): Promise<Answer<'listAgents'>['agents']>
  agent(id: string): Promise<Answer<'getAgent'>>
  launch(body: Body<'launchAgent'>): Promise<Answer<'launchAgent'>>
  send(id: string, body: Body<'sendMessage'>): Promise<Answer<'sendMessage'>>
  answer(id: string, body: Body<'answerPermission'>): Promise<Answer<'answerPermission'>>
  /** The oldest question first. */
  permissions(): Promise<Answer<'listPermissions'>['permissions']>
  /** The newest lines of the audit log, oldest first. */
  permissionLog(query?: Query<'permissionLog'>): Promise<Answer<'permissionLog'>['records']>
  interrupt(id: string): Promise<Answer<'interruptAgent'>>
  release(id: string): Promise<Answer<'releaseAgent'>>
  kill(id: string): Promise<Answer<'killAgent'>>
  /** Aborting `signal` hangs up, and rejects. */
  wait(body: Body<'waitForAgents'>, signal?: AbortSignal): Promise<Answer<'waitForAgents'>>
  /** Aborting `signal` hangs up; the task continues until its time limit, and `wait` resolves with its answer. */
  invoke(body: Body<'invoke'>, signal?: AbortSignal): Promise<Answer<'invoke'>>
  /** Like `invoke`, but resolves as soon as the task is launched. */
  startTask(body: Body<'invoke'>, signal: AbortSignal): Promise<StartedTask>
  pool(body: Body<'listPool'>): Promise<Answer<'listPool'>['agents']>
  /** Aborting `signal` hangs up, and cancels the warm-up. */
  warmUp(agent: string, body: Body<'warmUp'>, signal?: AbortSignal): Promise<Answer<'warmUp'>['process']>
  resetPool(agent: string, body: Body<'resetPool'>): Promise<Answer<'resetPool'>>
  prune(body: Body<'pruneAgents'>): Promise<Answer<'pruneAgents'>>
  /** Reconnects where the connection breaks; ends when the signal aborts, throws when the daemon is gone. */
  events(query: EventsQuery): AsyncIterable<FactEvent>
  mail: MailClient
  /** Registers a worker until `signal` aborts, the worker leaves, or the daemon ends. */
  attend(body: Body<'attend'>, signal: AbortSignal): Promise<HeldAttendance>
  /** The registered workers. */
  attendances(): Promise<Answer<'listAttendances'>['attendances']>
  /** The workers that the daemon keeps running. */
  fleet(): Promise<Answer<'fleet'>>
  /** Resolves before the workers run. */
  fleetUp(body: Body<'fleetUp'>): Promise<Answer<'fleetUp'>>
  /** Resolves with the names of the workers when they have ended. */
  fleetDown(): Promise<Answer<'fleetDown'>['ended']>
  routes(body: Body<'routes'>): Promise<Answer<'routes'>>
  metrics(): Promise<Answer<'metrics'>>
  /** Resolves when the daemon has accepted the request, before it has ended. */
  stop(body: Body<'stop'>): Promise<Answer<'stop'>>
}

/**
 * Returns a client of the daemon on a socket. Makes no connection before the first request. Without `self` the mail that
 * it sends is from an unknown program.
 */
export function connectDaemon({ socketPath, self }: { socketPath: string; self?: DaemonSelf }): DaemonClient {
  const at = socketPath
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
    wait: (body, signal) => ask(api.waitForAgents, { body, signal }),
    invoke: (body, signal) => call(at, api.invoke, { body, signal }),
    startTask: (body, signal) => startTask(at, body, signal),
    pool: async (body) => (await call(at, api.listPool, { body })).agents,
    warmUp: async (agent, body, signal) =>
      (await call(at, api.warmUp, { params: { agent }, body, signal })).process,
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

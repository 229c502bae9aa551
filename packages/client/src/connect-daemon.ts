import {
  daemonApi,
  encodeRequestingProcessHeader,
  type RequestingProcess,
  type WorkerLogLine,
} from '@subagent-mcp/api'
import { callDaemon } from './call-daemon.js'
import { streamDaemonFacts, type DaemonFactsQuery, type NumberedFact } from './stream-daemon-facts.js'
import { createDaemonRequestSender } from './daemon-request-sender.js'
import { createMailClient, type MailClient } from './mail-client.js'
import { runDaemonWorker, type DaemonWorkerEnd } from './run-daemon-worker.js'
import { startDaemonTask, type StartedDaemonTask } from './start-daemon-task.js'
import type { EndpointAnswer, EndpointBody, EndpointQuery } from './endpoint-types.js'

/**
 * A client of the daemon on its socket; each method is an endpoint of the HTTP API. @throws SubagentError `daemon-unreachable`
 * when no daemon answers, else the code that the daemon returned
 */
export type DaemonClient = {
  health(): Promise<EndpointAnswer<'health'>>
  /** Lists the agents, the oldest launch first. */
  agents(query?: EndpointQuery<'listAgents'>): Promise<EndpointAnswer<'listAgents'>['agents']>
  agent(id: string): Promise<EndpointAnswer<'getAgent'>>
  launch(body: EndpointBody<'launchAgent'>): Promise<EndpointAnswer<'launchAgent'>>
  send(id: string, body: EndpointBody<'sendMessage'>): Promise<EndpointAnswer<'sendMessage'>>
  answer(id: string, body: EndpointBody<'answerPermission'>): Promise<EndpointAnswer<'answerPermission'>>
  /** Lists the open permission requests, the oldest first. */
  permissions(): Promise<EndpointAnswer<'listPermissions'>['permissions']>
  /** Returns the newest lines of the audit log, oldest first. */
  permissionLog(query?: EndpointQuery<'permissionLog'>): Promise<EndpointAnswer<'permissionLog'>['records']>
  interrupt(id: string): Promise<EndpointAnswer<'interruptAgent'>>
  release(id: string): Promise<EndpointAnswer<'releaseAgent'>>
  kill(id: string): Promise<EndpointAnswer<'killAgent'>>
  /** Returns what an agent has changed in its worktree and was not applied yet. */
  changes(id: string): Promise<EndpointAnswer<'getChanges'>>
  /** Applies, discards or branches the changes of an agent. */
  actOnChanges(id: string, body: EndpointBody<'actOnChanges'>): Promise<EndpointAnswer<'actOnChanges'>>
  /** Lists the worktrees on disk, the oldest first. */
  worktrees(): Promise<EndpointAnswer<'listWorktrees'>['worktrees']>
  /** Waits until agents have ended their turns or ask for permission. Aborting `signal` closes the request and rejects. */
  wait(body: EndpointBody<'waitForAgents'>, signal?: AbortSignal): Promise<EndpointAnswer<'waitForAgents'>>
  /** Runs a task. Aborting `signal` closes the request; the task continues until its time limit, and `wait` returns its answer. */
  invoke(body: EndpointBody<'invoke'>, signal?: AbortSignal): Promise<EndpointAnswer<'invoke'>>
  /** Launches a task like `invoke`, but resolves as soon as it is launched. */
  startTask(body: EndpointBody<'invoke'>, signal: AbortSignal): Promise<StartedDaemonTask>
  pool(body: EndpointBody<'listPool'>): Promise<EndpointAnswer<'listPool'>['agents']>
  /** Starts a pooled process. Aborting `signal` closes the request and cancels the start. */
  warmUp(
    agent: string,
    body: EndpointBody<'warmUp'>,
    signal?: AbortSignal,
  ): Promise<EndpointAnswer<'warmUp'>['process']>
  resetPool(agent: string, body: EndpointBody<'resetPool'>): Promise<EndpointAnswer<'resetPool'>>
  prune(body: EndpointBody<'pruneAgents'>): Promise<EndpointAnswer<'pruneAgents'>>
  /** Yields facts. Reconnects when the connection breaks, ends when the signal aborts, throws when the daemon is gone. */
  events(query: DaemonFactsQuery): AsyncIterable<NumberedFact>
  mail: MailClient
  workers(): Promise<EndpointAnswer<'listWorkers'>['workers']>
  /**
   * Runs a worker until `signal` aborts. Yields its events, and returns its end. @throws SubagentError with which it was given up, and
   * `daemon-unreachable` when the daemon ends
   */
  runWorker(
    body: EndpointBody<'runWorker'>,
    signal: AbortSignal,
  ): AsyncGenerator<WorkerLogLine, DaemonWorkerEnd>
  /** Starts a worker that the daemon keeps. */
  keepWorker(body: EndpointBody<'keepWorker'>): Promise<EndpointAnswer<'keepWorker'>['worker']>
  /** Stops a worker; resolves when it has ended, with whether it ran. */
  stopWorker(name: string): Promise<boolean>
  /** Returns the fleet: the workers that the daemon keeps running. */
  fleet(): Promise<EndpointAnswer<'fleet'>>
  /** Starts the fleet; resolves before its workers run. */
  fleetUp(body: EndpointBody<'fleetUp'>): Promise<EndpointAnswer<'fleetUp'>>
  /** Stops the fleet; resolves with the names of its workers when they have ended. */
  fleetDown(): Promise<EndpointAnswer<'fleetDown'>['ended']>
  /** Returns what agents have used, of deleted ones too, with account limits and budgets of the day. */
  usage(query?: EndpointQuery<'usage'>): Promise<EndpointAnswer<'usage'>>
  /** Returns what agents did since a time, and what waits for the user. */
  recap(query?: EndpointQuery<'recap'>): Promise<EndpointAnswer<'recap'>>
  /** Searches prompts, answers, tool calls and messages by words. */
  search(query: EndpointQuery<'search'>): Promise<EndpointAnswer<'search'>>
  routes(body: EndpointBody<'routes'>): Promise<EndpointAnswer<'routes'>>
  /** Serves the page on loopback; resolves with its port and a code that opens it once. */
  openPage(body: EndpointBody<'openPage'>): Promise<EndpointAnswer<'openPage'>>
  metrics(): Promise<EndpointAnswer<'metrics'>>
  /** Asks the daemon to stop; resolves when it has accepted the request, before it ends. */
  stop(body: EndpointBody<'stop'>): Promise<EndpointAnswer<'stop'>>
}

/** Returns a client of the daemon on a socket. Connects with the first request. Mail that is sent without `self` has an unknown program as its sender. */
export function connectDaemon({
  socketPath,
  self,
}: {
  socketPath: string
  self?: RequestingProcess
}): DaemonClient {
  const at = { socketPath, headers: self ? encodeRequestingProcessHeader(self) : {} }
  const ask = createDaemonRequestSender(at)
  return {
    health: () => callDaemon(at, daemonApi.health, {}),
    agents: async (query = {}) => (await ask(daemonApi.listAgents, { query })).agents,
    agent: (id) => ask(daemonApi.getAgent, { params: { id } }),
    launch: (body) => ask(daemonApi.launchAgent, { body }),
    send: (id, body) => ask(daemonApi.sendMessage, { params: { id }, body }),
    answer: (id, body) => callDaemon(at, daemonApi.answerPermission, { params: { id }, body }),
    permissions: async () => (await callDaemon(at, daemonApi.listPermissions, {})).permissions,
    permissionLog: async (query = {}) => (await callDaemon(at, daemonApi.permissionLog, { query })).records,
    interrupt: (id) => ask(daemonApi.interruptAgent, { params: { id } }),
    release: (id) => ask(daemonApi.releaseAgent, { params: { id } }),
    kill: (id) => ask(daemonApi.killAgent, { params: { id } }),
    changes: (id) => callDaemon(at, daemonApi.getChanges, { params: { id } }),
    actOnChanges: (id, body) => callDaemon(at, daemonApi.actOnChanges, { params: { id }, body }),
    worktrees: async () => (await callDaemon(at, daemonApi.listWorktrees, {})).worktrees,
    wait: (body, signal) => ask(daemonApi.waitForAgents, { body, signal }),
    invoke: (body, signal) => callDaemon(at, daemonApi.invoke, { body, signal }),
    startTask: (body, signal) => startDaemonTask(at, body, signal),
    pool: async (body) => (await callDaemon(at, daemonApi.listPool, { body })).agents,
    warmUp: async (agent, body, signal) =>
      (await callDaemon(at, daemonApi.warmUp, { params: { agent }, body, signal })).process,
    resetPool: (agent, body) => callDaemon(at, daemonApi.resetPool, { params: { agent }, body }),
    prune: (body) => callDaemon(at, daemonApi.pruneAgents, { body }),
    events: (query) => streamDaemonFacts(at, query),
    mail: createMailClient(ask, self),
    workers: async () => (await callDaemon(at, daemonApi.listWorkers, {})).workers,
    runWorker: (body, signal) => runDaemonWorker(at, body, signal),
    keepWorker: async (body) => (await callDaemon(at, daemonApi.keepWorker, { body })).worker,
    stopWorker: async (name) => (await callDaemon(at, daemonApi.stopWorker, { params: { name } })).stopped,
    fleet: () => callDaemon(at, daemonApi.fleet, {}),
    fleetUp: (body) => callDaemon(at, daemonApi.fleetUp, { body }),
    fleetDown: async () => (await callDaemon(at, daemonApi.fleetDown, {})).ended,
    usage: (query = {}) => callDaemon(at, daemonApi.usage, { query }),
    recap: (query = {}) => callDaemon(at, daemonApi.recap, { query }),
    search: (query) => callDaemon(at, daemonApi.search, { query }),
    routes: (body) => callDaemon(at, daemonApi.routes, { body }),
    openPage: (body) => callDaemon(at, daemonApi.openPage, { body }),
    metrics: () => callDaemon(at, daemonApi.metrics, {}),
    stop: (body) => callDaemon(at, daemonApi.stop, { body }),
  }
}

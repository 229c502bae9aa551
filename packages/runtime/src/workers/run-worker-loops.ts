import type { WorkerSettings } from '@subagent-mcp/api'
import { omitUndefined, systemClock, type SubagentError } from '@subagent-mcp/contract'
import type { Supervisor } from '@subagent-mcp/core'
import { readProcessStartTime } from '@subagent-mcp/driver-kit'
import {
  addMissedTurns,
  defaultPollMsOnce,
  defaultWorkerOptions,
  formatWorkerLine,
  localDayCalendar,
  runWorker,
  type WorkerMemoryPort,
  type WorkerEnd,
  type WorkerStatus,
} from '@subagent-mcp/worker'
import { createHash, randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import type { ClientInfo, Connection } from '../callers/connection.js'
import {
  planWorker,
  type SessionMcpCommand,
  type WorkerStartContext,
  type WorkerPlan,
} from './plan-worker.js'
import { createWorkerStatusFilter, delayWorkerEvents, type WorkerEvent } from './worker-event.js'
import { unregisterWorkerReplica, createReplicaMailbox, type WorkerLoopMailbox } from './worker-mail.js'
import {
  claimWorkerName,
  openWorkerLog,
  getWorkerLogPath,
  getWorkerStatePath,
  type StoredWorkerProcess,
} from './worker-state-file.js'
import { listCountedTurns } from './worker-turn-outcome.js'
import { createWorkerTurnRunner } from './worker-turn-runner.js'

/** The storage and the surroundings of the workers of a runtime. Everything has a default. */
export type WorkerStorageOptions = {
  /** The folder of the state files and logs of workers. Default: their state is in memory, and they have no logs. */
  folder?: string
  /** The MCP server of the sessions. Default: they have no tools of subagent-mcp, and the end of a turn is the reply. */
  server?: SessionMcpCommand
  /** The most bytes of a message in the mailbox. Default: 64 kB. */
  maxBytes?: number
  /** Called when a worker is started. */
  onStart?(): void
}

/** The parts of a runtime that its workers use. */
export type WorkerLoopDependencies = {
  support: WorkerStorageOptions
  supervisor: Supervisor
  stalledAfter: number
  mailbox: WorkerLoopMailbox
  connect: (client: ClientInfo) => Connection
  /** Checks that no other worker of this machine uses the folder. @throws SubagentError `already-running` */
  checkFolder(worker: { name: string; folder: string }): void
}

/** A worker: its settings, its folder, and for whom it runs. */
export type WorkerRequest = {
  settings: WorkerSettings
  place: Pick<WorkerStartContext, 'folder' | 'environment' | 'pid'>
  /** Whether it ends after one batch of messages. */
  once: boolean
}

/** The signals and the listeners of one run of a worker. */
export type WorkerLoopRun = {
  /** Aborts when the worker must end: a running turn gets five seconds. */
  stop: AbortSignal
  /** Aborts when it must end immediately. */
  hurry: AbortSignal
  /** Called when all replicas have registered in the mailbox. */
  onRegistered(): void
  onStatus(replica: number, status: WorkerStatus): void
  onEvent(event: WorkerEvent): void
}

/** Plans a worker of a runtime. @throws SubagentError for settings that cannot be used */
export async function planRuntimeWorker(
  { support, mailbox, supervisor }: Pick<WorkerLoopDependencies, 'support' | 'mailbox' | 'supervisor'>,
  { settings, place }: WorkerRequest,
): Promise<WorkerPlan> {
  const isShared = settings.readFolder === true && (await mailbox.health()).kind === 'nats'
  return planWorker(settings, {
    ...{ ...place, isShared, drivers: supervisor.drivers },
    ...omitUndefined({ server: support.server }),
  })
}

/**
 * Runs the loops of a worker, one for each replica, until it is stopped; with `once` until each has taken messages once. Rejects with
 * the first error of a loop, after all of them have ended. Its agents are then shut down, and can be resumed.
 */
export async function runWorkerLoops(
  parts: WorkerLoopDependencies,
  request: WorkerRequest,
  run: WorkerLoopRun,
): Promise<WorkerEnd[]> {
  const plan = await planRuntimeWorker(parts, request)
  parts.checkFolder(plan)
  const memoryOf = claimMemory(parts.support, plan)
  const failure = new AbortController()
  const stop = AbortSignal.any([run.stop, failure.signal])
  // Each replica adds several listeners.
  for (const signal of [stop, run.hurry]) setMaxListeners(0, signal)
  let unregistered = plan.replicas
  const replicas = Array.from({ length: plan.replicas }, async (_, index) => {
    try {
      return await runReplica({
        ...{ ...parts, request, plan, run, stop },
        replica: index + 1,
        memory: memoryOf(index),
        onRegistered: () => {
          unregistered -= 1
          if (unregistered === 0) run.onRegistered()
        },
        onRefused: (error) => {
          failure.abort(error)
        },
      })
    } catch (error) {
      failure.abort(error)
      return []
    }
  })
  const ends = await Promise.all(replicas)
  failure.signal.throwIfAborted()
  return ends.flat()
}

function claimMemory(
  { folder }: WorkerStorageOptions,
  plan: WorkerPlan,
): (replica: number) => WorkerMemoryPort {
  if (folder === undefined) return () => ({ load: () => undefined, save: () => Promise.resolve() })
  return claimWorkerName(getWorkerStatePath(folder, plan.name), selfOf(plan))
}

function selfOf({ name, folder, launch }: WorkerPlan): StoredWorkerProcess {
  const { provider, model, agent } = launch
  return {
    ...{ name, folder: realpathSync.native(folder) },
    ...omitUndefined({ provider, model, agent }),
    ...{ pid: process.pid, startTime: readProcessStartTime(process.pid) ?? '-', since: systemClock.now() },
    launch: hashLaunch(launch),
  }
}

/** The hash of a worker's name, launch options and rights. */
function hashLaunch(launch: WorkerPlan['launch']): string {
  return createHash('sha256').update(JSON.stringify(launch)).digest('hex')
}

type Replica = WorkerLoopDependencies & {
  request: WorkerRequest
  plan: WorkerPlan
  run: WorkerLoopRun
  stop: AbortSignal
  replica: number
  memory: WorkerMemoryPort
  onRegistered: () => void
  onRefused: (error: SubagentError) => void
}

/** Runs the loop of a replica under a connection of its own. */
async function runReplica(parts: Replica): Promise<WorkerEnd[]> {
  const { plan, request, replica, supervisor } = parts
  const { environment, pid } = request.place
  const connection = parts.connect({
    ...{ cwd: plan.folder, environment, terminal: true, mailbox: plan.name },
    caller: `worker-${hashLaunch(plan.launch)}-${replica}`,
    ...omitUndefined({ pid }),
  })
  try {
    return await runConnectedReplica({ ...parts, connection })
  } finally {
    shutDownAgents(supervisor, connection.caller)
    connection.disconnect()
  }
}

async function runConnectedReplica(parts: Replica & { connection: Connection }): Promise<WorkerEnd[]> {
  const { plan, run, replica, stop, support, supervisor, stalledAfter, connection } = parts
  const { name, launch, session: keep } = plan
  const instance = randomUUID()
  const events = delayWorkerEvents(supervisor.clock, createReplicaLog(parts))
  const tellNews = createWorkerStatusFilter((status) => {
    events.add({ type: 'status', replica, status })
  })
  const ports = {
    mail: createReplicaMailbox({ ...parts, instance }),
    turns: createWorkerTurnRunner({ supervisor, stalledAfter, connection, launch, keep, hurry: run.hurry }),
    memory: withMissedTurns(parts.memory, supervisor, connection.caller),
    onStatus: (status) => {
      run.onStatus(replica, status)
      tellNews(status)
    },
    log: (line) => {
      events.add({ type: 'line', replica, line })
    },
    clock: supervisor.clock,
    calendar: localDayCalendar,
  } satisfies Parameters<typeof runWorker>[0]
  try {
    const { replicas, budget } = plan
    const { once } = parts.request
    const pollMs = plan.pollMs ?? (once ? defaultPollMsOnce : defaultWorkerOptions.pollMs)
    const end = await runWorker(
      ports,
      {
        ...defaultWorkerOptions,
        ...{ name, session: keep, once, pollMs, instance, host: hostname() },
        maxBytes: support.maxBytes ?? 64 * 1024,
        tools: plan.rights.said,
        // Each replica counts only its own usage, so it gets its share of the budget.
        budget: omitUndefined({
          usd: budget.usd && budget.usd / replicas,
          tokens: budget.tokens && budget.tokens / replicas,
        }),
      },
      stop,
    )
    return [end]
  } finally {
    events.flush()
    await unregisterWorkerReplica(parts.mailbox, { instance, clock: supervisor.clock })
  }
}

/** Loads the memory of a replica with the turns of its agents that its process had no time to save. */
function withMissedTurns(memory: WorkerMemoryPort, { state }: Supervisor, caller: string): WorkerMemoryPort {
  return {
    ...memory,
    load: () => {
      const stored = memory.load()
      if (stored === undefined) return undefined
      const own = [...state().agents.values()].filter(({ profile }) => profile.caller === caller)
      return addMissedTurns(stored, own.flatMap(listCountedTurns), localDayCalendar)
    },
  }
}

/** Returns a listener for the events of a replica. It writes lines to the worker's log, and passes all events to the run's `onEvent`. */
function createReplicaLog({
  support: { folder },
  plan,
  replica,
  run,
}: Replica): (event: WorkerEvent) => void {
  const log = folder === undefined ? undefined : openWorkerLog(getWorkerLogPath(folder, plan.name))
  const mark = plan.replicas > 1 ? `#${replica} ` : ''
  return (event) => {
    if (event.type === 'line') log?.(event.line.at, mark + formatWorkerLine(event.line))
    run.onEvent(event)
  }
}

/** Shuts down the agents that a worker launched or resumed. Their sessions stay resumable, because the next worker resumes them. */
function shutDownAgents(supervisor: Supervisor, caller: string): void {
  const at = supervisor.clock.now()
  for (const { actor, profile } of supervisor.state().open.values()) {
    if (actor !== caller && profile.caller !== caller) continue
    supervisor.dispatch({ type: 'shutdown-requested', at, agentId: profile.id })
  }
}

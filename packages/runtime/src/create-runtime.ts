import type { PooledProcess } from '@subagent-mcp/api'
import { createStoppableClock, omitUndefined, once, systemClock, type Driver } from '@subagent-mcp/contract'
import {
  createToolCallJudge,
  createSupervisor,
  drainSupervisor,
  canPoolStartProcess,
  findUsageLimitEnding,
  createRandomAgentId,
  shutDownSupervisor,
  type Agent,
  type ChildProcess,
  type Supervisor,
} from '@subagent-mcp/core'
import {
  findEnclosingChild,
  computeNestingDepth,
  findCallerMailboxName,
  measureResidentMemory,
  settlesWithin,
} from '@subagent-mcp/driver-kit'
import { openMemoryMailbox, type Mailbox } from '@subagent-mcp/mailbox'
import { createSessionPool, type SessionPool } from '@subagent-mcp/pool'
import { defaultRoutingTable } from '@subagent-mcp/routing'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { AgentLauncher } from './agent-handle.js'
import { createCallerEnvironments, type CallerEnvironments } from './callers/caller-environments.js'
import type { ClientInfo, Connection } from './callers/connection.js'
import { createClients } from './callers/create-clients.js'
import { findLocalMcpServer } from './callers/find-local-mcp-server.js'
import { continueRestingAgents } from './limits/continue-resting-agents.js'
import { notifyLaunchers } from './agents/notify-launchers.js'
import { checkAcceptance } from './acceptance/check-acceptance.js'
import { openGateRunner } from './acceptance/run-gate-command.js'
import { createTurnCheck } from './checks/check-turn.js'
import { createPoolPolicy } from './definitions/pool-spec.js'
import { deleteOldAgentsRegularly } from './state/delete-old-agents.js'
import { reportProjectRoutes, type RoutesQuery } from './routes/read-routes-report.js'
import { notifyUserOfReports } from './notify/notify-user-of-reports.js'
import type { RoutesReport } from './routes/routes-report.js'
import type { RuntimeOptions } from './runtime-options.js'
import { wakeIdleSessions } from './wake/wake-idle-sessions.js'
import { createAgentWorktrees, disabledWorktrees, type AgentWorktrees } from './worktrees/agent-worktrees.js'
import { createUserReports, type UserReports } from './reports/user-reports.js'
import type { Workers } from './workers/create-workers.js'
import { recordAgentEdits, type AgentEditRecord } from './worktrees/record-agent-edits.js'
import { createInMemoryState, type RuntimeState } from './state/runtime-state.js'

/** A runtime: launches and supervises agents on the CLIs of several providers, with a pool and a mailbox. */
export type Runtime = Pick<RuntimeState, 'history' | 'records'> &
  UserReports & {
    /** Launches an agent for the program that embeds this runtime. @throws SubagentError */
    launch: AgentLauncher
    supervisor: Supervisor
    mailbox: Omit<Mailbox, 'onChange' | 'sent' | 'tidy' | 'close'>
    /** The name of this machine, which mailbox users on other machines see. */
    host: string
    /** Milliseconds of silence after which a running agent shows as stalled. */
    stalledAfter: number
    /** Connects a client. Agents that it launches belong to it. @throws SubagentError `cwd-missing`, `already-running` */
    connect(client: ClientInfo): Connection
    /** Returns the number of nested agent sessions in which a process runs: 0 for programs of a person or of a host. */
    depthOf(process: Pick<ClientInfo, 'environment' | 'pid'>): number
    /** Returns the mailbox name of the agent session in which a process runs; `undefined` outside of agent sessions. */
    mailboxOf(process: Pick<ClientInfo, 'environment' | 'pid'>): string | undefined
    /** Returns the CLI process of the agent session in which a process runs; `undefined` outside of agent sessions. */
    findEnclosingChild(process: Pick<ClientInfo, 'environment' | 'pid'>): ChildProcess | undefined
    /** Agents that answer the messages to a name. They run as loops in this process. */
    workers: Workers
    /** Lists the processes of all pools. */
    pooled(): readonly PooledProcess[]
    /** Returns the command with which a person continues an agent's session in its CLI. */
    nativeResume(agent: Agent): readonly string[] | undefined
    /** Reports which candidates a task of each category would be launched on, and why. */
    routes(query: RoutesQuery): Promise<RoutesReport>
    /** The worktrees of agents, of all callers. */
    worktrees: Pick<AgentWorktrees, 'changes' | 'list'>
    journalSize: RuntimeState['size']
    /** Takes over the agents of runtimes that died with the same state open. Never rejects. */
    recover(): Promise<void>
    /** Starts no new turns, and resolves when no turn runs, or after `limit` milliseconds. */
    drain(limit: number): Promise<void>
    /** Whether an agent is open or a pooled process is alive. */
    isBusy(): boolean
    /** Ends all agents and pooled processes; running turns count as interrupted. */
    endAgents(): Promise<void>
    /** Ends all agents, then closes the mailbox, the drivers and the state. */
    close(): Promise<void>
  }

/** The milliseconds that agents have to end by themselves. After a crash of the host all processes must be gone within 5 s. */
const shutdownLimit = 4_000

const tenMinutes = 600_000

/** Composes a runtime from drivers; every other part has a default. No process is started before the first launch. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const {
    state = createInMemoryState(),
    mailbox = openMemoryMailbox(),
    stalledAfter = tenMinutes,
    routingOf = defaultRoutingTable,
    log = () => undefined,
  } = options
  const parts = assemble(options, state, (client) => clients.connect(client))
  const { supervisor, pool, drivers, environments, worktrees, edits } = parts
  let stopHints: (() => void) | undefined
  const stopSnapshots = state.keepSnapshots?.(supervisor)
  const reporting = createUserReports({ supervisor, state, mailbox, worktrees, stalledAfter, log })
  const stops = [
    ...[reporting.stop, edits.stop, worktrees.close],
    options.retention &&
      deleteOldAgentsRegularly({ state, supervisor, mailbox, retention: options.retention, log }),
    ...[keepTelling(options, parts), notifyLaunchers({ supervisor, maxTurns: state.maxWakes ?? 10 })],
  ]
  const continuing = continueRestingAgents({ supervisor, history: state.history, environments, log })
  const endAgents = once(() => endAll(supervisor, pool))
  const clients = createClients({ ...parts, ...reporting.reports, options, state, mailbox, stalledAfter })
  return {
    ...{ supervisor, mailbox, host: hostname(), stalledAfter, endAgents },
    ...{ connect: clients.connect, workers: clients.workers, launch: clients.launcher.launch },
    ...{ depthOf: computeNestingDepth, mailboxOf: findCallerMailboxName, findEnclosingChild },
    ...{ history: state.history, records: state.records },
    recover: async () => {
      await state.recover(supervisor)
      reporting.countAll()
      // Hints start only now: earlier ones would show no agents, or overwrite the files of a running daemon.
      stopHints ??= state.keepHints?.(supervisor)
      continuing.look()
    },
    ...{ ...reporting.reports, worktrees, journalSize: state.size, pooled: pool.processes },
    nativeResume: (agent) => nativeResume(drivers, agent),
    routes: (query) => reportProjectRoutes(query, { supervisor, drivers, routingOf }),
    drain: (limit) => drainSupervisor(supervisor, limit),
    isBusy: () => isAtWork(supervisor) || pool.load().processes > 0 || clients.workers.list().length > 0,
    close: once(async () => {
      for (const stop of [...stops, continuing.stop]) stop?.()
      await clients.workers.close()
      await endAgents()
      for (const stop of [stopHints, stopSnapshots]) stop?.()
      clients.launcher.disconnect()
      await closeResources(parts, { mailbox, state })
    }),
  }
}

type Assembled = {
  supervisor: Supervisor
  pool: SessionPool
  drivers: ReadonlyMap<string, Driver>
  environments: CallerEnvironments
  worktrees: AgentWorktrees
  edits: AgentEditRecord
  gates: Pick<ReturnType<typeof openGateRunner>, 'close'>
  stopTimers: () => void
}

/** Creates the supervisor, with the pool in front of its drivers. */
function assemble(options: RuntimeOptions, state: RuntimeState, connect: Runtime['connect']): Assembled {
  const { judge = createToolCallJudge(), log = () => undefined } = options
  const { clock, stopTimers } = createStoppableClock(options.clock ?? systemClock)
  const drivers = new Map(options.drivers.map((driver) => [driver.id, driver]))
  const environments = createCallerEnvironments()
  const pool = createSessionPool({
    drivers,
    clock,
    newId: randomUUID,
    memoryOf: measureResidentMemory,
    hasRoomToSpare: () => canPoolStartProcess(supervisor),
    decide: createPoolPolicy(judge),
    onChange: () => {
      supervisor.dispatch({ type: 'pool-changed', at: clock.now(), pool: pool.load() })
    },
    log,
  })
  const { stalledAfter: quietAfter = tenMinutes, limits, routingOf, permissions, unanswered } = options
  const gates = openGateRunner(options.checks ?? {}, clock)
  const server = options.workers?.server
  const work = { environments, machine: gates, history: state.history }
  const supervisor = createSupervisor({
    drivers: options.drivers.map(pool.pooled),
    environmentOf: environments.of,
    ...{ clock, judge, pool, limits: { quietAfter, ...limits }, journal: state.journal },
    ids: { agent: () => freshId(state), message: randomUUID },
    beforeSession: (agent) => worktrees.keepState(agent),
    beforeTurn: (id) => worktrees.beginTurn(id),
    checkTurn: createTurnCheck((turn, signal) =>
      checkAcceptance({ ...work, supervisor, inspect: worktrees.inspect }, turn, signal),
    ),
    ...omitUndefined({ accounts: options.accounts }),
    ...(routingOf && { routingOf }),
    ...(permissions && { defaultPermissions: permissions }),
    ...(unanswered && { unanswered }),
    ...(state.machine && { machine: state.machine }),
    ...(server && { findLocalMcpServer: (entry) => findLocalMcpServer({ server, connect, log }, entry) }),
  })
  environments.watch(supervisor)
  const settings = options.worktrees
  const worktrees = settings
    ? createAgentWorktrees({
        ...{ settings, supervisor, hasAgent: state.hasAgent, machine: gates, log },
        environmentOf: environments.of,
      })
    : disabledWorktrees
  const edits = recordAgentEdits(supervisor)
  return { supervisor, pool, drivers, environments, worktrees, gates, edits, stopTimers }
}

/** Starts the parts that report finished agents: notices to users, notices to agents, and the waking of idle sessions. */
function keepTelling(
  { notify, wake, stalledAfter = tenMinutes, log = () => undefined }: RuntimeOptions,
  { supervisor, environments }: Pick<Assembled, 'supervisor' | 'environments'>,
): () => void {
  const stops = [
    notify && notifyUserOfReports({ ...notify, supervisor, stalledAfter, log }),
    wake && wakeIdleSessions({ ...wake, supervisor, environmentOf: environments.of, log }),
  ]
  return () => {
    for (const stop of stops) stop?.()
  }
}

/** Closes what agents needed, the state last, because the others may still write to it. No timer may use the closed state. */
async function closeResources(
  { gates, drivers, stopTimers }: Pick<Assembled, 'gates' | 'drivers' | 'stopTimers'>,
  { mailbox, state }: { mailbox: Mailbox; state: RuntimeState },
): Promise<void> {
  await Promise.all([mailbox.close(), gates.close()])
  await Promise.all([...drivers.values()].map(async (driver) => driver.close?.()))
  stopTimers()
  state.close()
}

/** Ends all agents. Interrupts tasks before their processes end, so that no task counts as crashed. */
async function endAll(supervisor: Supervisor, pool: SessionPool): Promise<void> {
  const agentsEnd = shutDownSupervisor(supervisor, shutdownLimit)
  await Promise.all([agentsEnd, settlesWithin(pool.close(), shutdownLimit)])
}

/** Whether an agent is open, or waits for a limit to end and will then continue by itself. */
function isAtWork({ state }: Supervisor): boolean {
  return state().open.size > 0 || state().unsettled.some((agent) => findUsageLimitEnding(agent) !== undefined)
}

function nativeResume(
  drivers: ReadonlyMap<string, Driver>,
  { route, session }: Agent,
): readonly string[] | undefined {
  return session.id === undefined
    ? undefined
    : drivers.get(route.current.provider)?.nativeResume?.(session.id)
}

/** Returns an agent id that is not used in the state, not even by another runtime with the same state folder. */
function freshId(state: RuntimeState): string {
  for (;;) {
    const id = createRandomAgentId()
    if (!state.hasAgent(id)) return id
  }
}

import type { PermissionAuditRecord } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import {
  createManualClock,
  createManualDriver,
  type ManualClock,
  type ManualDriver,
  type ManualSession,
} from '@subagent-mcp/testkit'
import { noPermissionRules, type CallerPermissions } from '@subagent-mcp/permissions'
import { defaultRoutingTable, type RoutingTable } from '@subagent-mcp/routing'
import { connectCaller } from '../requests/caller-connection.js'
import { getFactAgentId, type Fact } from '../state/fact.js'
import { parseJournaledFact } from '../journal/parse-journaled-fact.js'
import type { FactJournal } from '../journal/fact-writer.js'
import { launchSupervisedAgent } from '../launch/launch-supervised-agent.js'
import type { LaunchRequest } from '../launch/launch-request.js'
import type { SupervisorLimits } from '../capacity/supervisor-limits.js'
import { emptySupervisorLoad, type SupervisorLoad, type MachineState } from '../capacity/machine-state.js'
import type { ToolCallJudge } from '../questions/tool-call-ruling.js'
import { createSupervisor } from './create-supervisor.js'
import type { Supervisor, SupervisorOptions } from './supervisor.js'
import { waitForReports, type ReportWaitResult } from '../requests/wait-for-reports.js'
import type { AgentWaitQuery } from '../requests/agent-wait-outcome.js'

/** A supervisor over parts that the test moves, with a caller `me` in the project `/p`. */
export type ManualSupervisor = {
  driver: ManualDriver
  codex: ManualDriver
  clock: ManualClock
  supervisor: Supervisor
  /** The journaled facts in order, the audit log, and the number of transactions. With `full` each write fails. */
  journal: { facts: Fact[]; records: PermissionAuditRecord[]; appends: number; full: boolean }
  /** The values that a measurement of the machine returns, and the load that was published last. */
  machine: MachineState & { published: SupervisorLoad }
  /** The number of pooled processes that the supervisor has ended to make room. */
  retired: () => number
  /** Connects a caller. Default: depth 0, with `accept-edits` and no rules. */
  connect: (caller: string, project?: string, depth?: number, authority?: CallerPermissions) => void
  /** Launches an agent whose session opens immediately. */
  launched: (caller?: string) => Promise<{ id: string; session: ManualSession }>
  /** Opens the newest session of the driver. */
  opened: () => Promise<ManualSession>
  /** Waits up to 15 minutes, by default for any agent of `me`, and marks the returned reports as received. */
  waiting: (query?: Partial<AgentWaitQuery>, signal?: AbortSignal) => Promise<ReportWaitResult>
}

/** A valid launch request that names no provider. */
export const unroutedRequest: LaunchRequest = { prompt: 'do it', category: 'coding', cwd: '/p' }

/** A valid launch request that only `driver` can carry out. */
export const launchRequest: LaunchRequest = { ...unroutedRequest, provider: 'claude', model: 'opus' }

/** Builds one; ids count up. Its policy asks for everything, unless the test has a judge of its own. */
export function createManualSupervisor(
  table: Partial<RoutingTable> = {},
  limits: Partial<SupervisorLimits> = {},
  judge: ToolCallJudge = () => ({ verdict: 'ask', by: 'test', humanOnly: false }),
): ManualSupervisor {
  const parts = createManualParts()
  const { driver } = parts
  const supervisor = createSupervisor(manualOptions(parts, { table, limits, judge }))
  const connect: ManualSupervisor['connect'] = (
    caller,
    project = '/p',
    depth = 0,
    authority = acceptEdits,
  ) => {
    const from = { caller, project, depth, authority, ...(depth > 0 && { folder: project }) }
    connectCaller(supervisor, from)
  }
  const opened = async (): Promise<ManualSession> => {
    const session = driver.sessions.at(-1)
    if (!session) throw new Error('no session was opened')
    await session.open()
    return session
  }
  connect('me')
  return {
    ...parts,
    supervisor,
    connect,
    opened,
    launched: async (caller = 'me') => {
      const { agent } = launchSupervisedAgent(supervisor, caller, launchRequest)
      return { id: agent.profile.id, session: await opened() }
    },
    waiting: async (query = {}, signal = new AbortController().signal) => {
      const full = { caller: 'me', until: 'any', ...query } as const
      const result = await waitForReports(supervisor, full, { timeout: 900_000, signal })
      if (result.type !== 'cancelled') result.received()
      return result
    },
  }
}

const acceptEdits: CallerPermissions = { preset: 'accept-edits', rules: noPermissionRules }

type ManualParts = Pick<
  ManualSupervisor,
  'driver' | 'codex' | 'clock' | 'journal' | 'machine' | 'retired'
> & {
  pool: SupervisorOptions['pool']
}

function createManualParts(): ManualParts {
  const codex = createManualDriver('codex')
  codex.sharesProcess = true
  let retired = 0
  return {
    driver: createManualDriver(),
    codex,
    clock: createManualClock(),
    journal: { facts: [], records: [], appends: 0, full: false },
    machine: { freeMemory: 1e12, others: emptySupervisorLoad, published: emptySupervisorLoad },
    pool: { retireLongestIdle: () => (retired += 1) },
    retired: () => retired,
  }
}

type Settings = { table: Partial<RoutingTable>; limits: Partial<SupervisorLimits>; judge: ToolCallJudge }

function manualOptions(
  { driver, codex, clock, journal, machine, pool }: ManualParts,
  { table, limits, judge }: Settings,
): SupervisorOptions {
  let ids = 0
  return {
    drivers: [driver, codex],
    environmentOf: () => ({}),
    routingOf: () => ({ ...defaultRoutingTable(), ...table }),
    clock,
    limits,
    journal: manualJournal(journal),
    machine: {
      freeMemory: () => machine.freeMemory,
      others: () => machine.others,
      publish: (load) => (machine.published = load),
    },
    ...(pool && { pool }),
    judge,
    ids: { agent: () => `a${(ids += 1)}`, message: () => `m${(ids += 1)}` },
  }
}

function manualJournal(kept: ManualSupervisor['journal']): FactJournal {
  return {
    append: (facts, records) => {
      if (kept.full) throw new SubagentError('io-failed', 'disk full')
      kept.appends += 1
      kept.records.push(...records)
      return kept.facts.push(...facts)
    },
    forget: (ids) => {
      if (kept.full) throw new SubagentError('io-failed', 'disk full')
      kept.facts = kept.facts.filter((fact) => !('agentId' in fact) || !ids.includes(fact.agentId))
    },
    factsOf: (agentId, order) => {
      const own = kept.facts
        .flatMap((fact) => parseJournaledFact(fact) ?? [])
        .filter((fact) => getFactAgentId(fact) === agentId)
      return order === 'oldest-first' ? own : own.reverse()
    },
    onProblem: () => undefined,
  }
}

/** The result of a wait in few words. */
export async function waitSummary(wait: Promise<ReportWaitResult>): Promise<object> {
  const result = await wait
  if (result.type === 'cancelled') return result
  const { news, known, running } = result.outcome
  const ids = (agents: readonly { profile: { id: string } }[]): string[] =>
    agents.map(({ profile }) => profile.id)
  return {
    type: result.type,
    news: news.map(({ agent, reports }) => [agent.profile.id, ...reports.map(({ type }) => type)]),
    known: ids(known),
    running: ids(running),
  }
}

/** The code of the error that `act` throws. */
export function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof SubagentError) return error.code
    throw error
  }
  return 'no error'
}

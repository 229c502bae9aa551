import type { WorkerView } from '@subagent-mcp/api'
import { SubagentError, omitUndefined } from '@subagent-mcp/contract'
import {
  listCurrentStatuses,
  isWorkerRunning,
  readWorkerState,
  listWorkerStatePaths,
  type StoredWorkerState,
} from '@subagent-mcp/runtime/worker-files'
import { localDayCalendar, formatWorkerPauseReason, type WorkerMemory } from '@subagent-mcp/worker'
import { basename } from 'node:path'

/** A worker of this machine, for a table or for JSON. Unknown values are missing. Times are Unix milliseconds. */
export type WorkerRow = {
  name: string
  /** `unreadable`: the state file cannot be read; `lastError` has the reason. */
  status: WorkerMemory['status']['type'] | 'starting' | 'restarting' | 'given-up' | 'killed' | 'unreadable'
  folder?: string
  provider?: string
  since?: number
  replicas?: number
  today?: { turns: number; tokens: number; usd: number }
  lastError?: string
  /** Whether the daemon keeps it, instead of a command that waits for it. */
  kept?: boolean
  restarts?: number
  /** The number of waiting messages, if a daemon runs. */
  waiting?: number
}

/** Lists all workers that ever ran here, sorted by name. `folder` has their state files; `views` are those of the daemon. */
export function listWorkerRows(folder: string, views: readonly WorkerView[], now: number): WorkerRow[] {
  const rows = listWorkerStatePaths(folder).flatMap((path) => rowIn(path, now))
  const unknown = views.filter(({ name }) => !rows.some((row) => row.name === name))
  return [...rows, ...unknown.map(({ name, folder }): WorkerRow => ({ name, folder, status: 'starting' }))]
    .map((row) => seenBy(views, row))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

function rowIn(path: string, now: number): WorkerRow[] {
  try {
    const state = readWorkerState(path)
    return state ? [rowOf(state, now)] : []
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return [{ name: basename(path, '.json'), status: 'unreadable', lastError: error.message }]
  }
}

/** Adds what only the daemon knows of a worker: that its loops have failed, and whether it is kept. */
function seenBy(views: readonly WorkerView[], row: WorkerRow): WorkerRow {
  const view = views.find(({ name }) => name === row.name)
  if (!view) return row
  const { status, kept, restarts, lastError } = view
  const hasBegun = row.status !== 'stopped' && row.status !== 'killed'
  const isFailing = status === 'restarting' || status === 'given-up' || (status === 'starting' && !hasBegun)
  return {
    ...row,
    ...{ kept, restarts },
    ...(isFailing && { status, ...omitUndefined({ lastError: lastError ?? row.lastError }) }),
  }
}

function rowOf(state: StoredWorkerState, now: number): WorkerRow {
  const { name, folder, provider, agent, since } = state.worker
  const who = provider ?? (agent === undefined ? undefined : `agent ${agent}`)
  const isRunning = isWorkerRunning(state)
  const lastError = (isRunning ? whyBlocked(state) : undefined) ?? newestError(state.replicas)
  return {
    name,
    status: statusOf(state, isRunning),
    folder,
    ...omitUndefined({ provider: who }),
    since,
    replicas: state.replicas.length,
    today: spentToday(state.replicas, localDayCalendar.day(now)),
    ...omitUndefined({ lastError }),
  }
}

/** The status of a worker with several replicas: the most important one, such as that a replica works or is blocked. */
function statusOf(state: StoredWorkerState, isRunning: boolean): WorkerRow['status'] {
  const now = listCurrentStatuses(state).map(({ type }) => type)
  const found = byWeight.find((type) => now.includes(type))
  if (isRunning) return found ?? 'starting'
  return found === undefined || found === 'stopped' ? 'stopped' : 'killed'
}

const byWeight = ['working', 'unreachable', 'blocked', 'resting', 'waiting', 'stopped'] as const

function whyBlocked(state: StoredWorkerState): string | undefined {
  const block = listCurrentStatuses(state).find((status) => status.type === 'blocked')
  return block && formatWorkerPauseReason(block)
}

function spentToday(replicas: readonly WorkerMemory[], day: string): NonNullable<WorkerRow['today']> {
  const spent = replicas.flatMap(({ spent }) => (spent?.day === day ? [spent] : []))
  const sum = (of: 'turns' | 'tokens' | 'usd'): number => spent.reduce((total, each) => total + each[of], 0)
  return { turns: sum('turns'), tokens: sum('tokens'), usd: sum('usd') }
}

/** The newest error among the last turns of the replicas. A replica whose last turn succeeded has no error. */
function newestError(replicas: readonly WorkerMemory[]): string | undefined {
  const turns = replicas.flatMap(({ lastTurn }) => lastTurn ?? [])
  return turns.sort((one, other) => other.at - one.at).find(({ error }) => error !== undefined)?.error
}

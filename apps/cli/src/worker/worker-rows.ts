import { SubagentError } from '@subagent-mcp/contract'
import { localCalendar, type WorkerMemory } from '@subagent-mcp/worker'
import { basename } from 'node:path'
import { whyText } from './line-text.js'
import { isRunning, readWorker, workerPath, workerPaths, type WorkerState } from './worker-file.js'

/** A worker of this machine, for a table or for JSON. Unknown values are missing. Times are Unix milliseconds. */
export type WorkerRow = {
  name: string
  /** `unreadable`: the state file cannot be read; `lastError` has the reason. */
  status: WorkerMemory['status']['type'] | 'starting' | 'killed' | 'unreadable'
  pid?: number
  folder?: string
  provider?: string
  since?: number
  replicas?: number
  today?: { turns: number; tokens: number; usd: number }
  lastError?: string
  /** The number of waiting messages, if a daemon runs. */
  waiting?: number
}

/** Lists all workers that ever ran here, sorted by name. */
export function workerRows(home: string, now: number): WorkerRow[] {
  return workerPaths(home).flatMap((path) => {
    try {
      const state = readWorker(path)
      return state ? [rowOf(state, now)] : []
    } catch (error) {
      if (!(error instanceof SubagentError)) throw error
      return [{ name: basename(path, '.json'), status: 'unreadable', lastError: error.message }]
    }
  })
}

/**
 * Returns why a worker with this name and pid takes no messages; `undefined` if it takes messages, or if its state is not known.
 */
export function whyBlockedNow(
  home: string,
  { name, pid }: { name: string; pid: number },
): string | undefined {
  try {
    const state = readWorker(workerPath(home, name))
    const isIt = state?.worker.pid === pid && statusOf(state, true) === 'blocked'
    return isIt ? whyBlocked(state, true) : undefined
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    return undefined // `workers` reports an unreadable state.
  }
}

function rowOf(state: WorkerState, now: number): WorkerRow {
  const { name, folder, provider, agent, pid, since } = state.worker
  const who = provider ?? (agent === undefined ? undefined : `agent ${agent}`)
  const running = isRunning(state)
  const lastError = whyBlocked(state, running) ?? newestError(state.replicas)
  return {
    name,
    status: statusOf(state, running),
    ...(running && { pid }),
    folder,
    ...(who !== undefined && { provider: who }),
    since,
    replicas: state.replicas.length,
    today: spentToday(state.replicas, localCalendar.day(now)),
    ...(lastError !== undefined && { lastError }),
  }
}

/** The status of a worker with several replicas: the most important one, such as that a replica works or is blocked. */
function statusOf({ worker, replicas }: WorkerState, running: boolean): WorkerRow['status'] {
  // Replicas with an older status belong to an earlier process.
  const now = replicas.filter(({ status }) => status.since >= worker.since).map(({ status }) => status.type)
  const found = byWeight.find((type) => now.includes(type))
  if (running) return found === undefined || found === 'stopped' ? 'starting' : found
  return found === undefined || found === 'stopped' ? 'stopped' : 'killed'
}

const byWeight = ['working', 'unreachable', 'blocked', 'resting', 'waiting', 'stopped'] as const

function whyBlocked({ worker, replicas }: WorkerState, running: boolean): string | undefined {
  const blocks = replicas.flatMap(({ status }) => (status.type === 'blocked' ? [status] : []))
  const block = blocks.find(({ since }) => running && since >= worker.since)
  return block && whyText(block)
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

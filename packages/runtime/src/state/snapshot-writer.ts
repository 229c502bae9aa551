import {
  getFactAgentId,
  createAgentSnapshot,
  hasAgentEnded,
  createLimitsSnapshot,
  type Supervisor,
} from '@subagent-mcp/core'
import type { Journal } from '@subagent-mcp/journal'
import { runAndLogFailure } from '../log-failure.js'

type Parts = {
  supervisor: Pick<Supervisor, 'state' | 'subscribe' | 'isJournaled' | 'clock'>
  journal: Pick<Journal, 'keepSnapshots'>
  log: (line: string) => void
}

/** Keeps snapshots of the agents that have ended, so that the next start need not replay their facts. */
export type SnapshotWriter = {
  /** Writes snapshots of these agents soon, if they have ended. */
  add(agentIds: Iterable<string>): void
  /** Writes what is due, as far as a part of a second allows, and stops. */
  stop(): void
}

/** Milliseconds until a snapshot is written, in which more facts of the agent may come; and until the next ones. */
const firstAfter = 1_000
const nextAfter = 20

/** The most snapshots in a transaction, which a waiting caller does not notice. */
const together = 50

/** The most snapshots that are written at the end. Agents without one are replayed. */
const mostAtEnd = 2_000

export function startSnapshotWriter({ supervisor, journal, log }: Parts): SnapshotWriter {
  const due = new Set<string>()
  let cancel: (() => void) | undefined
  let isStopped = false
  const write = (most: number): void => {
    // A fact that waits for room on the disk gets a later number than the snapshot that contains it, and would count twice.
    if (!supervisor.isJournaled()) return
    const { agents: known, accountLimits } = supervisor.state()
    const agentIds = [...due].slice(0, most)
    for (const id of agentIds) due.delete(id)
    const ended = agentIds.flatMap((id) => known.get(id) ?? []).filter(hasAgentEnded)
    const agents = ended.map((agent) => ({ agentId: agent.profile.id, body: createAgentSnapshot(agent) }))
    if (agents.length === 0) return
    const shared = createLimitsSnapshot(accountLimits)
    const problem = 'snapshots are not written, so the next start takes longer'
    runAndLogFailure(problem, () => journal.keepSnapshots({ agents, shared }), log)
  }
  const plan = (after: number): void => {
    cancel ??= supervisor.clock.after(after, () => {
      cancel = undefined
      write(together)
      if (due.size > 0) plan(supervisor.isJournaled() ? nextAfter : firstAfter)
    })
  }
  const add = (agentIds: Iterable<string>): void => {
    for (const id of agentIds) due.add(id)
    if (due.size > 0 && !isStopped) plan(firstAfter)
  }
  const unsubscribe = supervisor.subscribe((fact) => {
    const id = getFactAgentId(fact)
    const agent = id === undefined ? undefined : supervisor.state().agents.get(id)
    if (agent && hasAgentEnded(agent)) add([agent.profile.id])
  })
  return {
    add,
    stop: () => {
      isStopped = true
      unsubscribe()
      cancel?.()
      write(mostAtEnd)
    },
  }
}

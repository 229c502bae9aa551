import type { AgentStatus, PooledProcess } from '@subagent-mcp/api'
import { computeAgentStatus, computeSupervisorLoad, type Supervisor } from '@subagent-mcp/core'
import type { MailboxCounts } from './mailbox-counts.js'
import type { PrometheusMetric } from './prometheus-metrics.js'

export type DaemonMetricSources = {
  supervisor: Supervisor
  stalledAfter: number
  /** Counts of facts since the start, by type. */
  facts: Readonly<Record<string, number>>
  pooled: readonly PooledProcess[]
  mail: MailboxCounts
  connections: number
  journalBytes: number
  /** When the server started, in Unix milliseconds. */
  startedAt: number
}

/** Returns the daemon's metrics. Counters start at 0 when the daemon starts. */
export function collectDaemonMetrics(sources: DaemonMetricSources): PrometheusMetric[] {
  const { supervisor, facts, pooled, mail, connections, journalBytes, startedAt } = sources
  const fleet = supervisor.state()
  const load = computeSupervisorLoad(fleet, supervisor.clock.now())
  const gauge = (name: string, help: string, value: PrometheusMetric['value']): PrometheusMetric => ({
    name,
    help,
    type: 'gauge',
    value,
  })
  const counter = (name: string, help: string, value: PrometheusMetric['value']): PrometheusMetric => ({
    name,
    help,
    type: 'counter',
    value,
  })
  return [
    gauge('subagent_mcp_agents', 'Agents that are known, by status.', {
      label: 'status',
      by: byStatus(sources),
    }),
    gauge('subagent_mcp_turns_running', 'Turns that stream, by provider.', {
      label: 'provider',
      by: { ...zeros([...supervisor.drivers.keys()]), ...load.turns },
    }),
    gauge('subagent_mcp_provider_processes', 'Provider processes that live.', load.processes),
    gauge('subagent_mcp_pooled_processes', 'Sessions in the pools of agents, by status.', {
      label: 'status',
      by: pooledByStatus(pooled),
    }),
    gauge('subagent_mcp_queue_length', 'Agents that wait for room on the machine.', fleet.queue.length),
    gauge('subagent_mcp_mail_messages', 'Direct messages that wait, and dead letters.', {
      label: 'status',
      by: mail,
    }),
    gauge('subagent_mcp_connections', 'Hosts that are connected, and open requests.', connections),
    gauge('subagent_mcp_journal_size_bytes', 'Size of the journal on disk.', journalBytes),
    counter('subagent_mcp_launches_total', 'Agents that were launched.', facts['launch-requested'] ?? 0),
    counter('subagent_mcp_recoveries_total', 'Agents taken over from a dead owner.', facts['recovered'] ?? 0),
    counter('subagent_mcp_facts_total', 'Facts that were dispatched, by kind.', { label: 'type', by: facts }),
    gauge('process_resident_memory_bytes', 'Resident memory of the daemon.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'When the daemon started, in Unix seconds.', startedAt / 1000),
  ]
}

const statuses: Readonly<Record<AgentStatus, 0>> = {
  queued: 0,
  processing: 0,
  stalled: 0,
  permission_requested: 0,
  checking: 0,
  finished: 0,
  errored: 0,
  stopped: 0,
  interrupted: 0,
}

function byStatus({ supervisor, stalledAfter }: DaemonMetricSources): Record<string, number> {
  const counts: Record<string, number> = { ...statuses }
  const time = { now: supervisor.clock.now(), stalledAfter }
  for (const agent of supervisor.state().agents.values()) {
    const status = computeAgentStatus(agent, time)
    counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

const pooledStatuses: Readonly<Record<PooledProcess['status'], 0>> = {
  starting: 0,
  warm: 0,
  working: 0,
  resetting: 0,
  ending: 0,
}

function pooledByStatus(pooled: readonly PooledProcess[]): Record<string, number> {
  const counts: Record<string, number> = { ...pooledStatuses }
  for (const { status } of pooled) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function zeros(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, 0]))
}

import { hasAgentCliProcess, willAgentReportUnprompted, listPendingApprovals } from '@subagent-mcp/core'
import { SubagentError } from '@subagent-mcp/contract'
import { type DaemonHealth, daemonApi, createOpenApiDocument } from '@subagent-mcp/api'
import { openEventStream } from '../http/event-stream.js'
import { collectDaemonMetrics } from '../metrics/daemon-metrics.js'
import { readMailboxCounts } from '../metrics/mailbox-counts.js'
import type { DaemonPort } from '../daemon-port.js'
import { renderPrometheusMetrics } from '../metrics/prometheus-metrics.js'
import { createApiRoute, createStreamingRoute, type HttpRoute } from '../http/route.js'
import { resolveAgentId } from './read-agent-summary.js'
import { streamFacts } from './stream-facts.js'

/** Start time and counters of the daemon's HTTP server, for the health and metrics routes. */
export type DaemonServerState = {
  /** When the server started, in Unix milliseconds. */
  startedAt: number
  connections(): number
  /** The number of connected shims. */
  hosts(): number
  /** The number of connected shims of earlier releases, which cannot reconnect to the next daemon by themselves. */
  boundHosts(): number
  /** The number of connected workers. */
  workers(): number
  /** Counts of facts since the start, by type. */
  factCounts(): Readonly<Record<string, number>>
}

export function createDaemonRoutes(port: DaemonPort, server: DaemonServerState): HttpRoute[] {
  return [
    createApiRoute(daemonApi.health, () => health(port, server)),
    createApiRoute(daemonApi.metrics, async () =>
      renderPrometheusMetrics(
        collectDaemonMetrics({
          supervisor: port.supervisor,
          stalledAfter: port.stalledAfter,
          facts: server.factCounts(),
          connections: othersOf(server),
          pooled: port.pooled(),
          mail: await readMailboxCounts(port.mailbox),
          journalBytes: port.journalSize().bytes,
          startedAt: server.startedAt,
        }),
      ),
    ),
    createApiRoute(daemonApi.openapi, () => createOpenApiDocument(port.version)),
    createApiRoute(daemonApi.routes, ({ body }) => port.routes(body)),
    createApiRoute(daemonApi.usage, ({ query }) => port.usage(query)),
    createApiRoute(daemonApi.recap, ({ query }) => port.recap(query)),
    createApiRoute(daemonApi.search, ({ query: { agent, ...query } }) =>
      port.search({ ...query, ...(agent !== undefined && { agent: resolveAgentId(port, agent) }) }),
    ),
    createStreamingRoute(daemonApi.events, ({ query }, call) => {
      const { lastEventId } = call
      const after = lastEventId === undefined ? query.after : readEventId(lastEventId)
      const agentId = query.agent === undefined ? undefined : resolveAgentId(port, query.agent)
      const open = { stream: openEventStream(port.supervisor.clock, call), signal: call.signal }
      streamFacts(port, { agentId, after, follow: query.follow !== 'false' }, open)
    }),
    createApiRoute(daemonApi.stop, ({ body }, { response }) => {
      port.checkStop?.()
      const { drain = false, unlessUsed = false, restarts = false } = body
      const stops = !(unlessUsed && isUsed(port, server))
      if (stops) response.once('finish', () => port.stop({ drain, restarts }))
      return { stops }
    }),
  ]
}

async function health(port: DaemonPort, server: DaemonServerState): Promise<DaemonHealth> {
  return { ...presentHealth(port, server), mailbox: await port.mailbox.health() }
}

function presentHealth(port: DaemonPort, server: DaemonServerState): DaemonHealth {
  const { supervisor, version, journalSize, configProblem } = port
  const { agents, open, unsettled, queue, draining } = supervisor.state()
  return {
    version,
    pid: process.pid,
    startedAt: server.startedAt,
    uptimeSeconds: Math.floor((supervisor.clock.now() - server.startedAt) / 1000),
    agents: {
      running: unsettled.count(willAgentReportUnprompted),
      alive: open.count(hasAgentCliProcess),
      total: agents.size,
    },
    queue: queue.length,
    draining,
    connections: othersOf(server),
    hosts: server.hosts(),
    workers: server.workers(),
    journal: journalSize(),
    ...(configProblem !== undefined && { configProblem }),
  }
}

/**
 * Whether a stop would interrupt something: a running turn, a permission request, a queued launch, a worker, or a host that cannot
 * reconnect.
 */
function isUsed({ supervisor }: DaemonPort, { workers, boundHosts }: DaemonServerState): boolean {
  const { agents, queue } = supervisor.state()
  const works = agents.some(
    (agent) => willAgentReportUnprompted(agent) || listPendingApprovals(agent).length > 0,
  )
  return works || queue.length + workers() + boundHosts() > 0
}

/** The number of open connections, without the connection of the current request. */
function othersOf({ connections }: DaemonServerState): number {
  return connections() - 1
}

/** Reads the `Last-Event-ID` header, which a browser sends when it reconnects. @throws SubagentError for text that is no number */
function readEventId(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new SubagentError('invalid-parameter', 'Last-Event-ID: not a number of an event')
}

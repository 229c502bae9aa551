import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import { isSameProcessRunning, readProcessStartTime } from '@subagent-mcp/driver-kit'
import { setTimeout as delay } from 'node:timers/promises'
import { requestDaemonHealth } from './daemon-health.js'
import { isAgentBusy } from '../terminal/agent-lines.js'

/** The outcome of a stop: the process is `gone`, with interrupted agents and the number of its hosts; or it still runs (`stays`). */
export type DaemonStopOutcome =
  | { type: 'gone'; pid: number; hosts: number; interrupted: readonly AgentSummary[] }
  | { type: 'stays'; pid: number }

const lookMs = 50

/**
 * Stops a daemon after the running turns of its agents. Resolves when its process has ended, or after `limit`
 * milliseconds. With `restarts` the system starts the daemon of a service again.
 */
export async function stopDaemon(
  client: DaemonClient,
  { limit, restarts }: { limit: number; restarts: boolean },
): Promise<DaemonStopOutcome> {
  const { pid, hosts } = await requestDaemonHealth(client)
  const itself = { pid, startTime: readProcessStartTime(pid) ?? '' }
  const hangUp = new AbortController()
  const busy = (await client.agents()).filter(isAgentBusy)
  const atTheEnd = Promise.all(busy.map((agent) => followToEnd(agent, client, hangUp.signal)))
  await client.stop({ drain: true, restarts })
  const deadline = Date.now() + limit
  while (isSameProcessRunning(itself) && Date.now() < deadline) await delay(lookMs)
  hangUp.abort()
  const agents = await atTheEnd
  if (isSameProcessRunning(itself)) return { type: 'stays', pid }
  return { type: 'gone', pid, hosts, interrupted: agents.filter(isUndone) }
}

/** Returns the last known state of an agent: the daemon lets agents end before it closes connections. */
async function followToEnd(
  agent: AgentSummary,
  client: DaemonClient,
  signal: AbortSignal,
): Promise<AgentSummary> {
  let last = agent
  try {
    while (isAgentBusy(last)) {
      const { agents } = await client.wait(
        { agentIds: [agent.id], until: 'all', timeoutSeconds: longestWait },
        signal,
      )
      last = agents[0] ?? last
      // A wait ends immediately if the agent asks for a permission, which somebody may still give.
      await delay(lookMs, undefined, { signal })
    }
  } catch (error) {
    // The daemon has ended as requested, or the time for the wait is over.
    if (!(error instanceof SubagentError) && !signal.aborted) throw error
  }
  return last
}

const longestWait = 3600

function isUndone(agent: AgentSummary): boolean {
  return agent.status === 'interrupted' || isAgentBusy(agent)
}

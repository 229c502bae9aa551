import type { AgentSummary } from '@subagent-mcp/api'
import { SubagentError } from '@subagent-mcp/contract'
import type { DaemonClient } from '@subagent-mcp/client'
import { processIs, startTime } from '@subagent-mcp/driver-kit'
import { setTimeout as delay } from 'node:timers/promises'
import { daemonHealth } from './daemon-health.js'
import { isBusy } from '../terminal/agent-lines.js'

/**
 * How a stop ended: its process is `gone`, with agents that did not get done and hosts that it served, or `stays`.
 */
export type Stopped =
  | { type: 'gone'; pid: number; hosts: number; interrupted: readonly AgentSummary[] }
  | { type: 'stays'; pid: number }

const lookMs = 50

/**
 * Ends a daemon in order: its agents may end their turns first. Resolves when its process is gone, or after `limit`
 * milliseconds. With `restarts` a service whose daemon it is stays, because the system starts it again.
 */
export async function stopDaemon(
  client: DaemonClient,
  { limit, restarts }: { limit: number; restarts: boolean },
): Promise<Stopped> {
  const { pid, hosts } = await daemonHealth(client)
  const itself = { pid, startTime: startTime(pid) ?? '' }
  const hangUp = new AbortController()
  const busy = (await client.agents()).filter(isBusy)
  const atTheEnd = Promise.all(busy.map((agent) => followToEnd(agent, client, hangUp.signal)))
  await client.stop({ drain: true, restarts })
  const deadline = Date.now() + limit
  while (processIs(itself) && Date.now() < deadline) await delay(lookMs)
  hangUp.abort()
  const agents = await atTheEnd
  if (processIs(itself)) return { type: 'stays', pid }
  return { type: 'gone', pid, hosts, interrupted: agents.filter(isUndone) }
}

/** The agent as it was last seen: the daemon lets agents end before it hangs up. */
async function followToEnd(
  agent: AgentSummary,
  client: DaemonClient,
  signal: AbortSignal,
): Promise<AgentSummary> {
  let last = agent
  try {
    while (isBusy(last)) {
      const { agents } = await client.wait(
        { agentIds: [agent.id], until: 'all', timeoutSeconds: longestWait },
        signal,
      )
      last = agents[0] ?? last
      // A wait ends at once where a permission is asked for, which somebody may still give.
      await delay(lookMs, undefined, { signal })
    }
  } catch (error) {
    // The daemon is gone, as it was told to be, or we do not wait any longer.
    if (!(error instanceof SubagentError) && !signal.aborted) throw error
  }
  return last
}

const longestWait = 3600

function isUndone(agent: AgentSummary): boolean {
  return agent.status === 'interrupted' || isBusy(agent)
}

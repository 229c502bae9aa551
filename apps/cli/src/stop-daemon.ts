import { SubagentError } from '@subagent-mcp/contract'
import type { AgentSummary } from '@subagent-mcp/core'
import type { DaemonClient } from '@subagent-mcp/daemon'
import { processIs, startTime } from '@subagent-mcp/driver-kit'
import { setTimeout as delay } from 'node:timers/promises'
import { daemonHealth } from './daemon-health.js'
import { isBusy } from './terminal/agent-words.js'

/** How a stop ended: its process is `gone`, or `stays`. `interrupted` are the agents that did not get done. */
export type Stopped = { type: 'gone' | 'stays'; pid: number; interrupted: readonly AgentSummary[] }

/** Longer than a daemon takes for its last turns, unless it was set up to take longer. */
const limitMs = 60_000
const lookMs = 50

/** Ends a daemon in order: its agents may end their turns first. Resolves when its process is gone, or at the limit. */
export async function stopDaemon(client: DaemonClient, limit = limitMs): Promise<Stopped> {
  const { pid } = await daemonHealth(client)
  const itself = { pid, startTime: startTime(pid) ?? '' }
  const busy = (await client.agents()).filter(isBusy)
  const unfinished = new Set(busy.map(({ id }) => id))
  const hangUp = new AbortController()
  const followed = forgetFinished(unfinished, client, hangUp.signal)
  await client.stop({ drain: true })
  const deadline = Date.now() + limit
  while (processIs(itself) && Date.now() < deadline) await delay(lookMs)
  hangUp.abort()
  await followed
  const interrupted = busy.filter(({ id }) => unfinished.has(id))
  return { type: processIs(itself) ? 'stays' : 'gone', pid, interrupted }
}

async function forgetFinished(ids: Set<string>, client: DaemonClient, signal: AbortSignal): Promise<void> {
  try {
    for await (const { fact } of client.events({ signal })) {
      if (fact.type === 'session-event-received' && fact.event.type === 'turn-ended') ids.delete(fact.agentId)
    }
  } catch (error) {
    // The daemon is gone, as it was told to be.
    if (!(error instanceof SubagentError)) throw error
  }
}

import type { ChangedAgents } from '@subagent-mcp/api'
import { delayCall } from '@subagent-mcp/contract'
import { agentIdOf, type Fact } from '@subagent-mcp/core'
import { encodeSse } from '../http/sse.js'
import type { DaemonPort } from '../port.js'
import { showAgent } from '../routes/show-agent.js'

/** Tells pages which agents have changed. */
export type AgentFeed = {
  /** Calls `listener` with an event of the changed agents, encoded once for all listeners, until the returned function is called. */
  subscribe(listener: (event: string) => void): () => void
}

/** The pause in which changes of agents are collected, in milliseconds. A person reads a list no faster. */
const collectFor = 200

/**
 * Creates the feed. It follows the facts only while it has listeners. An event has the summaries of the agents that have changed
 * since the last one, and the ids of those that were deleted.
 */
export function createAgentFeed(port: DaemonPort): AgentFeed {
  const { supervisor } = port
  const listeners = new Set<(event: string) => void>()
  const changed = new Set<string>()
  const next = delayCall(supervisor.clock, collectFor, () => {
    const { agents } = supervisor.state()
    const known = [...changed].flatMap((id) => agents.get(id) ?? []).map((agent) => showAgent(port, agent))
    const gone = [...changed].filter((id) => !agents.has(id))
    changed.clear()
    const data: ChangedAgents = { agents: known, gone }
    const event = encodeSse({ event: 'agents', data: JSON.stringify(data) })
    for (const listener of listeners) listener(event)
  })
  const hear = (fact: Fact): void => {
    const ids = fact.type === 'agents-pruned' ? fact.agentIds : [agentIdOf(fact) ?? []].flat()
    if (ids.length === 0) return
    for (const id of ids) changed.add(id)
    next.request()
  }
  let unsubscribe = (): void => undefined
  return {
    subscribe: (listener) => {
      if (listeners.size === 0) unsubscribe = supervisor.subscribe(hear)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        unsubscribe()
        next.cancel()
        changed.clear()
      }
    },
  }
}

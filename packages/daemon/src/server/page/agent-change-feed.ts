import type { ChangedAgentsEvent } from '@subagent-mcp/api'
import { createDebouncedCall } from '@subagent-mcp/contract'
import { getFactAgentId, type Fact } from '@subagent-mcp/core'
import { encodeServerSentEvent } from '../http/server-sent-event.js'
import type { DaemonPort } from '../daemon-port.js'
import { readAgentSummary } from '../routes/read-agent-summary.js'

/** Sends the pages in browsers the agents that have changed. */
export type AgentChangeFeed = {
  /**
   * Calls `listener` with an event that lists the changed agents, until the returned function is called. The event is encoded
   * once for all listeners.
   */
  subscribe(listener: (event: string) => void): () => void
}

/** The milliseconds for which changes of agents are collected into one event. A person reads a list no faster. */
const collectFor = 200

/**
 * Creates the feed of changed agents. It follows the supervisor's facts only while it has listeners. An event has the summaries
 * of agents that have changed since the last event, and the ids of deleted ones.
 */
export function createAgentChangeFeed(port: DaemonPort): AgentChangeFeed {
  const { supervisor } = port
  const listeners = new Set<(event: string) => void>()
  const changed = new Set<string>()
  const next = createDebouncedCall(supervisor.clock, collectFor, () => {
    const { agents } = supervisor.state()
    const known = [...changed]
      .flatMap((id) => agents.get(id) ?? [])
      .map((agent) => readAgentSummary(port, agent))
    const gone = [...changed].filter((id) => !agents.has(id))
    changed.clear()
    const data: ChangedAgentsEvent = { agents: known, gone }
    const event = encodeServerSentEvent({ event: 'agents', data: JSON.stringify(data) })
    for (const listener of listeners) listener(event)
  })
  const hear = (fact: Fact): void => {
    const ids = fact.type === 'agents-pruned' ? fact.agentIds : [getFactAgentId(fact) ?? []].flat()
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

import { daemonApi, type AgentSummary, type ChangedAgentsEvent } from '@subagent-mcp/api'
import type { QueryClient } from '@tanstack/react-query'
import type { PageRequest } from './request-api.js'

export type { AgentSummary }

export type AgentsById = ReadonlyMap<string, AgentSummary>

/** The cache of all agents, which the event stream keeps current. */
export type AgentCache = {
  /** Asks for all agents. Changes that arrive meanwhile are newer than the answer. */
  load(): Promise<AgentsById>
  apply(changes: readonly ChangedAgentsEvent[]): void
}

export const agentsQueryKey = ['agents'] as const

/** Creates the cache over the query `agentsQueryKey`. */
export function createAgentCache(queries: QueryClient, request: PageRequest): AgentCache {
  /** The changes during each request that is not answered yet. */
  const unanswered = new Set<ChangedAgentsEvent[]>()
  return {
    load: async () => {
      const meanwhile: ChangedAgentsEvent[] = []
      unanswered.add(meanwhile)
      try {
        const { agents } = await request(daemonApi.listAgents)
        return withChanges(new Map(agents.map((agent) => [agent.id, agent])), meanwhile)
      } finally {
        unanswered.delete(meanwhile)
      }
    },
    apply: (changes) => {
      if (changes.length === 0) return
      for (const meanwhile of unanswered) meanwhile.push(...changes)
      const before = queries.getQueryData<AgentsById>(agentsQueryKey)
      if (!before) return
      queries.setQueryData(agentsQueryKey, withChanges(new Map(before), changes))
      if (askedIn(changes) || changes.some(({ agents }) => agents.some(({ id }) => asks(before.get(id)))))
        void queries.invalidateQueries({ queryKey: ['permissions'] })
    },
  }
}

function withChanges(agents: Map<string, AgentSummary>, changes: readonly ChangedAgentsEvent[]): AgentsById {
  for (const { agents: changed, gone } of changes) {
    for (const agent of changed) agents.set(agent.id, agent)
    for (const id of gone) agents.delete(id)
  }
  return agents
}

function askedIn(changes: readonly ChangedAgentsEvent[]): boolean {
  return changes.some(({ agents }) => agents.some(asks))
}

function asks(agent: AgentSummary | undefined): boolean {
  return agent !== undefined && agent.permissions.length > 0
}

import { useMutation, useQuery, type UseMutationResult } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { agentsKey, type AgentCache, type AgentsById } from './agents.js'
import type { LiveEvents } from './live-events.js'
import type { PageSession } from './session.js'

/** The parts that every view of the page needs: the session, the cache of agents and the event stream. */
export type PageParts = { session: PageSession; cache: AgentCache; live: LiveEvents }

export const PageContext = createContext<PageParts | undefined>(undefined)

export function usePageParts(): PageParts {
  const parts = useContext(PageContext)
  if (!parts) throw new Error('no page around this component')
  return parts
}

/** All agents, kept current by the event stream. They are requested again now and then, because some become stalled by time alone. */
export function useAgents(): AgentsById {
  const { cache } = usePageParts()
  const { data } = useQuery({ queryKey: agentsKey, queryFn: cache.load, refetchInterval: 60_000 })
  return data ?? noAgents
}

const noAgents: AgentsById = new Map()

/** An action that the person starts, with its progress and its error. */
export function usePageAction<Given = void>(
  act: (given: Given) => Promise<unknown>,
): UseMutationResult<unknown, Error, Given> {
  return useMutation({ mutationFn: act })
}

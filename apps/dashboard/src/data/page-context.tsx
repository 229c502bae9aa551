import { useMutation, useQuery, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { agentsQueryKey, type AgentCache, type AgentsById } from './agents.js'
import type { LiveEvents } from './live-events.js'
import type { PageRequest } from './request-api.js'
import type { PageSession } from './session.js'

/** The parts that every view of the page needs: the session, its requests, the cache of agents and the event stream. */
export type PageParts = { session: PageSession; request: PageRequest; cache: AgentCache; live: LiveEvents }

export const PageContext = createContext<PageParts | undefined>(undefined)

export function usePageParts(): PageParts {
  const parts = useContext(PageContext)
  if (!parts) throw new Error('no page around this component')
  return parts
}

/** All agents, kept current by the event stream. They are requested again now and then, because some become stalled by time alone. */
export function useAgents(): AgentsById {
  const { cache } = usePageParts()
  const { data } = useQuery({ queryKey: agentsQueryKey, queryFn: cache.load, refetchInterval: 60_000 })
  return data ?? noAgents
}

const noAgents: AgentsById = new Map()

/** When a query of the page is made: again every `refetchInterval` milliseconds, and only while `enabled`. */
type QueryTiming = { refetchInterval?: number; staleTime?: number; enabled?: boolean }

/** The data that `ask` requests, which the page keeps under a key. The key names the data and all its parameters. */
export function usePageQuery<Data>(
  queryKey: readonly unknown[],
  ask: (request: PageRequest) => Promise<Data>,
  timing: QueryTiming = {},
): UseQueryResult<Data> {
  const { request } = usePageParts()
  return useQuery({ queryKey, queryFn: () => ask(request), ...timing })
}

/** An action that the person starts, with its progress and its error. */
export function usePageAction<Given = void>(
  act: (request: PageRequest, given: Given) => Promise<unknown>,
): UseMutationResult<unknown, Error, Given> {
  const { request } = usePageParts()
  return useMutation({ mutationFn: (given: Given) => act(request, given) })
}

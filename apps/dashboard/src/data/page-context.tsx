import { useMutation, useQuery, type UseMutationResult } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { agentsKey, type AgentCache, type AgentMap } from './agents.js'
import type { Live } from './live.js'
import type { Session } from './session.js'

/** What every view needs: the session, the cache of agents and the event stream. */
export type PageParts = { session: Session; cache: AgentCache; live: Live }

/** Holds the parts of the page. */
export const PageContext = createContext<PageParts | undefined>(undefined)

/** The parts of the page. */
export function usePage(): PageParts {
  const parts = useContext(PageContext)
  if (!parts) throw new Error('no page around this component')
  return parts
}

/** All agents, kept current by the event stream. They are asked for again now and then, because time alone makes some stalled. */
export function useAgents(): AgentMap {
  const { cache } = usePage()
  const { data } = useQuery({ queryKey: agentsKey, queryFn: cache.load, refetchInterval: 60_000 })
  return data ?? noAgents
}

const noAgents: AgentMap = new Map()

/** An action of the person, with its state and its error. */
export function useAction<Given = void>(
  act: (given: Given) => Promise<unknown>,
): UseMutationResult<unknown, Error, Given> {
  return useMutation({ mutationFn: act })
}

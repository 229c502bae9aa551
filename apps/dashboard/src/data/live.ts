import type { QueryClient } from '@tanstack/react-query'
import { createStore, type Store } from './store.js'
import { agentsKey, type AgentCache } from './agents.js'
import { liveBatches, type LiveBatch } from './live-batches.js'
import { createTranscript, type Transcript } from './transcript.js'

/** The event stream of this page. A browser opens few connections to one address, so a page has one, for all it shows. */
export type Live = {
  /** Whether events arrive. */
  isConnected: Store<boolean>
  /** Follows the facts of one agent, or of none, from now on; the changes of all agents arrive in any case. */
  watch(agentId: string | undefined): Transcript | undefined
  close(): void
}

/** The pause before a broken stream is opened again, and how long a hidden page keeps its stream, in milliseconds. */
const [retryAfter, hiddenFor] = [1_000, 10_000]

type LiveParts = { token: string; queries: QueryClient; cache: AgentCache }

/** Opens the stream. A page that is hidden for a while closes it, and opens it again when it is seen. */
export function createLive({ token, queries, cache }: LiveParts): Live {
  const isConnected = createStore(false)
  let watched: { id: string; transcript: Transcript } | undefined
  let current: AbortController | undefined
  const take = ({ changes, facts, isFirst }: LiveBatch, isNew: boolean): void => {
    cache.apply(changes)
    watched?.transcript.add(facts)
    // What happened before the stream began is asked for once.
    if (isFirst && isNew) void queries.invalidateQueries({ queryKey: agentsKey })
  }
  const follow = async (own: AbortController, replaced: AbortController | undefined): Promise<void> => {
    let isNew = replaced === undefined || !isConnected.get()
    while (!own.signal.aborted) {
      try {
        const mine = watched
        const query = mine && { agent: mine.id, after: mine.transcript.lastSeq() }
        for await (const batch of liveBatches(token, { ...query, signal: own.signal })) {
          if (own !== current) return
          replaced?.abort()
          isConnected.set(true)
          take(batch, isNew)
        }
      } catch {
        // Aborted, or the connection is lost: the loop ends or tries again.
      }
      if (own.signal.aborted || own !== current) return
      isConnected.set(false)
      isNew = true
      await new Promise((resolve) => setTimeout(resolve, retryAfter))
    }
  }
  const open = (): void => {
    const [replaced, own] = [current, new AbortController()]
    current = own
    void follow(own, replaced)
  }
  const pause = (): void => {
    current?.abort()
    current = undefined
    isConnected.set(false)
  }
  const stopWatching = watchVisibility({ show: () => (current ? undefined : open()), hide: pause })
  open()
  return {
    isConnected,
    watch: (agentId) => {
      if (agentId === watched?.id) return watched?.transcript
      watched = agentId === undefined ? undefined : { id: agentId, transcript: createTranscript() }
      open()
      return watched?.transcript
    },
    close: () => {
      stopWatching()
      pause()
    },
  }
}

/** Calls `show` when the page is seen again, `hide` when it was hidden for a while, until the returned function is called. */
function watchVisibility({ show, hide }: { show: () => void; hide: () => void }): () => void {
  let hiding: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    clearTimeout(hiding)
    if (document.hidden) hiding = setTimeout(hide, hiddenFor)
    else show()
  }
  document.addEventListener('visibilitychange', look)
  return () => {
    clearTimeout(hiding)
    document.removeEventListener('visibilitychange', look)
  }
}

import type { QueryClient } from '@tanstack/react-query'
import { createObservable, type Observable } from './observable.js'
import { agentsQueryKey, type AgentCache } from './agents.js'
import { throttleEventBatches, streamEventBatches, type EventBatch } from './live-batches.js'
import { createTranscript, type Transcript } from './transcript.js'

/** The event stream of this page. A browser opens few connections to one address, so a page has one, for all it shows. */
export type LiveEvents = {
  isConnected: Observable<boolean>
  /** Follows the facts of one agent, or of none, from now on; the changes of all agents arrive in any case. */
  watch(agentId: string | undefined): Transcript | undefined
  close(): void
}

/** The milliseconds for which events are gathered: the page draws at most that often. */
const drawnEvery = 100

/** The pause before a broken stream is opened again, and how long a hidden page keeps its stream, in milliseconds. */
const [retryAfter, hiddenFor] = [1_000, 10_000]

type LiveParts = { token: string; queries: QueryClient; cache: AgentCache }

/** Opens the stream. A page that is hidden for a while closes it, and opens it again when it is seen. */
export function createLiveEvents({ token, queries, cache }: LiveParts): LiveEvents {
  const isConnected = createObservable(false)
  let watched: { id: string; transcript: Transcript } | undefined
  let current: AbortController | undefined
  const follow = async (own: AbortController, replaced: AbortController | undefined): Promise<void> => {
    let isNew = replaced === undefined || !isConnected.get()
    const isOver = (): boolean => own.signal.aborted || own !== current
    while (!isOver()) {
      const query = watched && { agent: watched.id, after: watched.transcript.lastSeq() }
      await readBatches(token, { ...query, signal: own.signal }, (batch) => {
        if (isOver()) return
        replaced?.abort()
        isConnected.set(true)
        cache.apply(batch.changes)
        watched?.transcript.add(batch.facts)
        // Agents that changed before the stream began are requested once.
        if (batch.isFirst && isNew) void queries.invalidateQueries({ queryKey: agentsQueryKey })
      })
      if (isOver()) return
      isConnected.set(false)
      isNew = true
      await new Promise((resolve) => setTimeout(resolve, retryAfter))
    }
  }
  const open = (): void => {
    const replaced = current
    current = new AbortController()
    void follow(current, replaced)
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

/** Reads a stream until it ends, is aborted, or the connection is lost. */
async function readBatches(
  token: string,
  query: Parameters<typeof streamEventBatches>[1],
  take: (batch: EventBatch) => void,
): Promise<void> {
  try {
    const gather = throttleEventBatches(take, drawnEvery)
    for await (const batch of streamEventBatches(token, query)) gather(batch)
  } catch {
    // The caller decides whether to open the next stream.
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

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { createAgentCache } from './data/agents.js'
import { createLiveEvents } from './data/live-events.js'
import { PageContext, type PageParts } from './data/page-context.js'
import { createPageRequest, sessionEndedMessage } from './data/request-api.js'
import { useRoute } from './data/route.js'
import { removePageSession, type PageSession } from './data/session.js'
import { createObservable, useObservable } from './data/observable.js'
import { ClosedPage } from './parts/closed-page.js'
import { PageNavigation } from './parts/navigation.js'
import { pageViews } from './views.js'

/** Whether the session of this page has ended. */
const isOver = createObservable(false)

/** The page with a session. */
export function App({ session }: { session: PageSession }): ReactNode {
  const [queries] = useState(createQueries)
  const [parts, setParts] = useState<PageParts>()
  useEffect(() => {
    const request = createPageRequest(session.token)
    const cache = createAgentCache(queries, request)
    const live = createLiveEvents({ token: session.token, queries, cache })
    setParts({ session, request, cache, live })
    return live.close
  }, [queries, session])
  const { view } = useRoute()
  const { Content, title } = pageViews.find(({ path }) => path === view) ?? pageViews[0]
  useEffect(() => {
    document.title = `${title} · subagent-mcp`
  }, [title])
  if (useObservable(isOver)) return <ClosedPage why={sessionEndedMessage} />
  if (!parts) return null
  return (
    <QueryClientProvider client={queries}>
      <PageContext value={parts}>
        <button type="button" className="skip" onClick={() => document.getElementById('content')?.focus()}>
          Skip to the content
        </button>
        <PageNavigation current={title} />
        <main id="content" tabIndex={-1}>
          <Content />
        </main>
      </PageContext>
    </QueryClientProvider>
  )
}

function createQueries(): QueryClient {
  const onError = ({ message }: Error): void => {
    if (message !== sessionEndedMessage) return
    removePageSession()
    isOver.set(true)
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: { queries: { retry: false, staleTime: 1_000 } },
  })
}

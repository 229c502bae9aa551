import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { createAgentCache } from './data/agents.js'
import { createLive } from './data/live.js'
import { PageContext, type PageParts } from './data/page-context.js'
import { sessionOver } from './data/request-api.js'
import { useRoute } from './data/route.js'
import { forgetSession, type Session } from './data/session.js'
import { createStore, useStore } from './data/store.js'
import { ClosedPage } from './parts/closed-page.js'
import { Navigation } from './parts/navigation.js'
import { views } from './views.js'

/** Whether the session of this page has ended. */
const isOver = createStore(false)

/** The page with a session. */
export function App({ session }: { session: Session }): ReactNode {
  const [queries] = useState(createQueries)
  const [parts, setParts] = useState<PageParts>()
  useEffect(() => {
    const cache = createAgentCache(queries, session.token)
    const live = createLive({ token: session.token, queries, cache })
    setParts({ session, cache, live })
    return live.close
  }, [queries, session])
  const { view } = useRoute()
  const { Content, title } = views.find(({ path }) => path === view) ?? views[0]
  useEffect(() => {
    document.title = `${title} · subagent-mcp`
  }, [title])
  if (useStore(isOver)) return <ClosedPage why={sessionOver} />
  if (!parts) return null
  return (
    <QueryClientProvider client={queries}>
      <PageContext value={parts}>
        <button type="button" className="skip" onClick={() => document.getElementById('content')?.focus()}>
          Skip to the content
        </button>
        <Navigation current={title} />
        <main id="content" tabIndex={-1}>
          <Content />
        </main>
      </PageContext>
    </QueryClientProvider>
  )
}

function createQueries(): QueryClient {
  const onError = ({ message }: Error): void => {
    if (message !== sessionOver) return
    forgetSession()
    isOver.set(true)
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: { queries: { retry: false, staleTime: 1_000 } },
  })
}

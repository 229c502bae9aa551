import { daemonApi } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { usePageParts } from '../data/page-context.js'
import { formatRouteAddress } from '../data/route.js'
import { removePageSession } from '../data/session.js'
import { useObservable } from '../data/observable.js'
import { pageViews } from '../views.js'

/** The names of the views, the state of the connection, and the button that closes the session. */
export function PageNavigation({ current }: { current: string }): ReactNode {
  const { live, request } = usePageParts()
  const isConnected = useObservable(live.isConnected)
  const signOut = async (): Promise<void> => {
    await request(daemonApi.endPageSession).catch(() => undefined)
    removePageSession()
    location.replace(location.pathname)
  }
  return (
    <header className="navigation">
      <p className="brand">subagent-mcp</p>
      <nav aria-label="Views">
        {pageViews.map(({ path, title, Badge }) => (
          <a key={path} href={formatRouteAddress(path)} aria-current={title === current ? 'page' : undefined}>
            {title}
            {Badge ? <Badge /> : null}
          </a>
        ))}
      </nav>
      <p className={isConnected ? 'connection' : 'connection lost'} role="status">
        {isConnected ? 'live' : 'no connection'}
      </p>
      <button type="button" className="quiet" onClick={() => void signOut()}>
        Close page
      </button>
    </header>
  )
}

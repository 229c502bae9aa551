import { api } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { usePage } from '../data/page-context.js'
import { requestApi } from '../data/request-api.js'
import { placeAddress } from '../data/route.js'
import { forgetSession } from '../data/session.js'
import { useStore } from '../data/store.js'
import { views } from '../views.js'

/** The names of the views, the state of the connection, and the button that closes the session. */
export function Navigation({ current }: { current: string }): ReactNode {
  const { live, session } = usePage()
  const isConnected = useStore(live.isConnected)
  const signOut = async (): Promise<void> => {
    await requestApi(session.token, api.endPageSession).catch(() => undefined)
    forgetSession()
    location.replace(location.pathname)
  }
  return (
    <header className="navigation">
      <p className="brand">subagent-mcp</p>
      <nav aria-label="Views">
        {views.map(({ path, title, Badge }) => (
          <a key={path} href={placeAddress(path)} aria-current={title === current ? 'page' : undefined}>
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

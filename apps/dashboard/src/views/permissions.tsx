import { daemonApi } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { usePageQuery } from '../data/page-context.js'
import type { PageRequest } from '../data/request-api.js'
import { formatRouteAddress } from '../data/route.js'
import type { PageView } from '../page-view.js'
import { PermissionRequests, usePermissions } from '../parts/permission-requests.js'
import { ErrorMessage } from '../parts/error-message.js'
import { formatDateTime } from '../text/figures.js'
import { escapeLine } from '../text/visible-lines.js'

/** The open permission requests of all agents, and the newest lines of the audit log. */
export const permissionsView: PageView = { path: 'permissions', title: 'Permissions', Content: Permissions }

function Permissions(): ReactNode {
  const { data, error } = usePermissions()
  return (
    <div className="page">
      <h1>Permissions</h1>
      <ErrorMessage error={error} />
      {data?.length === 0 ? <p className="empty">No agent asks for anything.</p> : null}
      <PermissionRequests />
      <PermissionLog />
    </div>
  )
}

function PermissionLog(): ReactNode {
  const ask = (request: PageRequest) => request(daemonApi.permissionLog, { query: { limit: 200 } })
  const { data, error } = usePageQuery(['permissions', 'log'], ask, { refetchInterval: 10_000 })
  const records = data?.records.toReversed() ?? []
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">Log</h2>
      <ErrorMessage error={error} />
      {data && records.length === 0 ? <p className="empty">Nothing was asked yet.</p> : null}
      <ul className="log">
        {records.map(({ at, agentId, name, requestId, event, call, through, who, why }) => (
          <li key={`${requestId} ${event} ${at}`}>
            <span className="dim">{formatDateTime(at)}</span> <strong className={event}>{event}</strong>{' '}
            {through === undefined ? '' : `by ${escapeLine(who ?? through, 80)} (${through}) `}
            <a href={formatRouteAddress('agents', agentId)}>{escapeLine(name ?? agentId, 60)}</a>
            <pre>{escapeLine(call, 2_000)}</pre>
            {why === undefined ? null : <span className="dim">{escapeLine(why, 300)}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

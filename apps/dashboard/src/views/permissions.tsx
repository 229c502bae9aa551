import { api } from '@subagent-mcp/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { usePage } from '../data/page-context.js'
import { requestApi } from '../data/request-api.js'
import { placeAddress } from '../data/route.js'
import type { PageView } from '../page-view.js'
import { PermissionRequests, usePermissions } from '../parts/permission-requests.js'
import { Problem } from '../parts/problem.js'
import { momentText } from '../text/figures.js'
import { visibleLine } from '../text/visible-lines.js'

/** The open permission requests of all agents, and the newest lines of the audit log. */
export const permissionsView: PageView = { path: 'permissions', title: 'Permissions', Content: Permissions }

function Permissions(): ReactNode {
  const { data, error } = usePermissions()
  return (
    <div className="page">
      <h1>Permissions</h1>
      <Problem error={error} />
      {data?.length === 0 ? <p className="empty">No agent asks for anything.</p> : null}
      <PermissionRequests />
      <PermissionLog />
    </div>
  )
}

function PermissionLog(): ReactNode {
  const { token } = usePage().session
  const { data, error } = useQuery({
    queryKey: ['permissions', 'log'],
    queryFn: () => requestApi(token, api.permissionLog, { query: { limit: 200 } }),
    refetchInterval: 10_000,
  })
  const records = data?.records.toReversed() ?? []
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">Log</h2>
      <Problem error={error} />
      {data && records.length === 0 ? <p className="empty">Nothing was asked yet.</p> : null}
      <ul className="log">
        {records.map(({ at, agentId, name, requestId, event, call, through, who, why }) => (
          <li key={`${requestId} ${event} ${at}`}>
            <span className="dim">{momentText(at)}</span> <strong className={event}>{event}</strong>{' '}
            {through === undefined ? '' : `by ${visibleLine(who ?? through, 80)} (${through}) `}
            <a href={placeAddress('agents', agentId)}>{visibleLine(name ?? agentId, 60)}</a>
            <pre>{visibleLine(call, 2_000)}</pre>
            {why === undefined ? null : <span className="dim">{visibleLine(why, 300)}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

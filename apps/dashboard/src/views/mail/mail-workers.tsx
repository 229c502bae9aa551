import { daemonApi } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { usePageQuery } from '../../data/page-context.js'
import type { PageRequest } from '../../data/request-api.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { formatDateTime } from '../../text/figures.js'
import { escapeLine } from '../../text/visible-lines.js'

/** The agents of the mailbox with their workers, and the fleet that the daemon keeps running. */
export function MailWorkers(): ReactNode {
  const ask = async (request: PageRequest) => ({
    ...(await request(daemonApi.mailAgents)),
    fleet: await request(daemonApi.fleet),
  })
  const { data, error } = usePageQuery(['workers'], ask, { refetchInterval: 5_000 })
  return (
    <>
      <ErrorMessage error={error} />
      <h2>Agents of the mailbox</h2>
      {data?.agents.length === 0 ? <p className="empty">No agent has registered.</p> : null}
      <ul className="rows">
        {data?.agents.map(({ name, project, provider, handlers, waiting, dead, lastSeenAt }) => (
          <li key={name}>
            <strong>{escapeLine(name, 80)}</strong>{' '}
            {handlers.length === 0
              ? 'nothing handles its messages'
              : handlers.map(({ kind }) => kind).join(', ')}
            <p className="dim">
              {provider ?? 'any provider'} · {escapeLine(project, 200)} · {waiting} unread · {dead} dead ·
              seen {formatDateTime(lastSeenAt)}
            </p>
          </li>
        ))}
      </ul>
      <h2>Fleet</h2>
      {data?.fleet.workers.length === 0 ? (
        <p className="empty">
          No fleet runs. Start one with <code>subagent-mcp fleet up</code>.
        </p>
      ) : null}
      <ul className="rows">
        {data?.fleet.workers.map(({ name, folder, status, restarts, lastError }) => (
          <li key={name}>
            <strong>{escapeLine(name, 80)}</strong> {status}
            <p className="dim">
              {escapeLine(folder, 200)} · {restarts} restarts
            </p>
            {lastError === undefined ? null : <p className="problem">{escapeLine(lastError, 400)}</p>}
          </li>
        ))}
      </ul>
    </>
  )
}

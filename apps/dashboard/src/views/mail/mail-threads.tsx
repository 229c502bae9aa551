import { daemonApi } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { usePageQuery } from '../../data/page-context.js'
import type { PageRequest } from '../../data/request-api.js'
import { formatRouteAddress } from '../../data/route.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { formatDateTime } from '../../text/figures.js'
import { escapeLine } from '../../text/visible-lines.js'

/** The threads of the mailbox, the newest first. */
export function MailThreads(): ReactNode {
  const ask = (request: PageRequest) => request(daemonApi.mailThreads, { query: { limit: 100 } })
  const { data, error } = usePageQuery(['threads'], ask, { refetchInterval: 5_000 })
  return (
    <>
      <ErrorMessage error={error} />
      {data?.threads.length === 0 ? <p className="empty">No messages yet.</p> : null}
      <ul className="threads">
        {data?.threads.map(({ id, agents, messages, waiting, lastAt, last }) => (
          <li key={id}>
            <a href={formatRouteAddress('mail', id)}>{escapeLine(agents.join(', '), 120)}</a>{' '}
            <span className="dim">
              {messages} {messages === 1 ? 'message' : 'messages'}
              {waiting > 0 ? `, ${waiting} waiting` : ''} · {formatDateTime(lastAt)}
            </span>
            <p>{escapeLine(last, 200)}</p>
          </li>
        ))}
      </ul>
      {data && data.total > data.threads.length ? (
        <p className="dim">Older threads: subagent-mcp chat threads</p>
      ) : null}
    </>
  )
}

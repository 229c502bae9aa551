import { api } from '@subagent-mcp/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { usePage } from '../../data/page-context.js'
import { requestApi } from '../../data/request-api.js'
import { placeAddress } from '../../data/route.js'
import { Problem } from '../../parts/problem.js'
import { momentText } from '../../text/figures.js'
import { visibleLine } from '../../text/visible-lines.js'

/** The threads of the mailbox, the newest first. */
export function MailThreads(): ReactNode {
  const { token } = usePage().session
  const { data, error } = useQuery({
    queryKey: ['threads'],
    queryFn: () => requestApi(token, api.mailThreads, { query: { limit: 100 } }),
    refetchInterval: 5_000,
  })
  return (
    <>
      <Problem error={error} />
      {data?.threads.length === 0 ? <p className="empty">No messages yet.</p> : null}
      <ul className="threads">
        {data?.threads.map(({ id, agents, messages, waiting, lastAt, last }) => (
          <li key={id}>
            <a href={placeAddress('mail', id)}>{visibleLine(agents.join(', '), 120)}</a>{' '}
            <span className="dim">
              {messages} {messages === 1 ? 'message' : 'messages'}
              {waiting > 0 ? `, ${waiting} waiting` : ''} · {momentText(lastAt)}
            </span>
            <p>{visibleLine(last, 200)}</p>
          </li>
        ))}
      </ul>
      {data && data.total > data.threads.length ? (
        <p className="dim">Older threads: subagent-mcp chat threads</p>
      ) : null}
    </>
  )
}

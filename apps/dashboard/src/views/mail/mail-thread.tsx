import { daemonApi } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { usePageQuery } from '../../data/page-context.js'
import type { PageRequest } from '../../data/request-api.js'
import { formatRouteAddress } from '../../data/route.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { MailMessage } from './mail-message.js'

/** The newest messages of a thread, the oldest of them first. */
export function MailThread({ id }: { id: string }): ReactNode {
  const ask = (request: PageRequest) =>
    request(daemonApi.mailThread, { params: { id }, query: { limit: 200 } })
  const { data, error } = usePageQuery(['thread', id], ask, { refetchInterval: 5_000 })
  return (
    <section aria-label="Thread">
      <p>
        <a href={formatRouteAddress('mail')}>← All threads</a>
      </p>
      <ErrorMessage error={error} />
      {data?.messages.map((message) => (
        <MailMessage key={message.id} message={message} />
      ))}
    </section>
  )
}

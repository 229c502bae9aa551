import { daemonApi } from '@subagent-mcp/api'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { usePageAction, usePageQuery } from '../../data/page-context.js'
import type { PageRequest } from '../../data/request-api.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { MailMessage } from './mail-message.js'

/** Messages that no agent could handle, each with a button that delivers it again. */
export function DeadLetters(): ReactNode {
  const queries = useQueryClient()
  const ask = (request: PageRequest) => request(daemonApi.deadLetters, { query: { limit: 100 } })
  const { data, error } = usePageQuery(['dead-letters'], ask, { refetchInterval: 5_000 })
  const revive = usePageAction(async (request, id: string) => {
    await request(daemonApi.reviveLetter, { params: { id } })
    await queries.invalidateQueries({ queryKey: ['dead-letters'] })
  })
  return (
    <>
      <ErrorMessage error={error ?? revive.error} />
      {data?.messages.length === 0 ? <p className="empty">No dead letters.</p> : null}
      {data?.messages.map((message) => (
        <MailMessage key={message.id} message={message}>
          <button
            type="button"
            disabled={revive.isPending}
            onClick={() => {
              revive.mutate(message.id)
            }}
          >
            Deliver again
          </button>
        </MailMessage>
      ))}
    </>
  )
}

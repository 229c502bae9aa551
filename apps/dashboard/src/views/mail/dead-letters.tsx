import { api } from '@subagent-mcp/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useAction, usePage } from '../../data/page-context.js'
import { requestApi } from '../../data/request-api.js'
import { Problem } from '../../parts/problem.js'
import { MailMessage } from './mail-message.js'

/** Messages that no agent could handle, each with a button that delivers it again. */
export function DeadLetters(): ReactNode {
  const { token } = usePage().session
  const queries = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['dead-letters'],
    queryFn: () => requestApi(token, api.deadLetters, { query: { limit: 100 } }),
    refetchInterval: 5_000,
  })
  const revive = useAction(async (id: string) => {
    await requestApi(token, api.reviveLetter, { params: { id } })
    await queries.invalidateQueries({ queryKey: ['dead-letters'] })
  })
  return (
    <>
      <Problem error={error ?? revive.error} />
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

import { daemonApi, type PendingPermissionRequest } from '@subagent-mcp/api'
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { usePageAction, usePageQuery } from '../data/page-context.js'
import type { PageRequest } from '../data/request-api.js'
import { formatRouteAddress } from '../data/route.js'
import { formatDateTime } from '../text/figures.js'
import { escapeLine } from '../text/visible-lines.js'
import { CallInput } from './call-input.js'
import { ErrorMessage } from './error-message.js'

/** The open permission requests of all agents, the oldest first. */
export function usePermissions(): UseQueryResult<readonly PendingPermissionRequest[]> {
  const ask = async (request: PageRequest) => (await request(daemonApi.listPermissions)).permissions
  return usePageQuery(['permissions'], ask, { refetchInterval: 30_000 })
}

/** The open permission requests, of one agent or all, each with its whole call and the buttons that answer it. */
export function PermissionRequests({ agentId }: { agentId?: string }): ReactNode {
  const { data = [] } = usePermissions()
  const shown = data.filter((question) => agentId === undefined || question.agentId === agentId)
  return shown.map((question) => (
    <PermissionRequest
      key={`${question.agentId} ${question.requestId}`}
      question={question}
      namesAgent={agentId === undefined}
    />
  ))
}

type RequestProps = { question: PendingPermissionRequest; namesAgent: boolean }

function PermissionRequest({ question, namesAgent }: RequestProps): ReactNode {
  const { agentId, name, provider, tool, input, by, humanOnly, until, cwd, parked } = question
  return (
    <section className="question" aria-label={`Permission: ${escapeLine(tool, 60)}`}>
      <h3>
        {namesAgent ? (
          <a href={formatRouteAddress('agents', agentId)}>{escapeLine(name ?? agentId, 80)}</a>
        ) : (
          'It'
        )}{' '}
        asks for <strong>{escapeLine(tool, 80)}</strong>
      </h3>
      <CallInput input={input} />
      <p className="dim">
        {escapeLine(`${provider} in ${cwd}`, 300)}
        {by === undefined ? '' : ` · asked by ${escapeLine(by, 200)}`}
        {until === undefined ? '' : ` · denied at ${formatDateTime(until)} without an answer`}
        {parked ? ' · was not answered in time: an answer wakes the agent' : ''}
      </p>
      <AnswerForm question={question} needsYes={humanOnly === true} />
    </section>
  )
}

/** Allows or denies a request. What only a person may allow needs a typed yes, so that no stray click allows it. */
function AnswerForm({
  question,
  needsYes,
}: {
  question: PendingPermissionRequest
  needsYes: boolean
}): ReactNode {
  const { agentId, requestId } = question
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const answer = usePageAction(async (request, decision: 'allow' | 'deny') => {
    const body = { decision, requestId, ...(decision === 'deny' && reason.trim() !== '' && { reason }) }
    await request(daemonApi.answerPermission, { params: { id: agentId }, body })
    await queries.invalidateQueries({ queryKey: ['permissions'] })
  })
  const isYes = typed.trim().toLowerCase() === 'yes'
  const submit = (event: { preventDefault(): void }): void => {
    event.preventDefault()
    if (!needsYes || isYes) answer.mutate('allow')
  }
  return (
    <form className="answer" onSubmit={submit}>
      {needsYes ? (
        <label>
          Only a person may allow this. Type <em>yes</em> to allow it:{' '}
          <input
            type="text"
            className="yes"
            autoComplete="off"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
            }}
          />
        </label>
      ) : null}
      <div className="actions">
        <button type="submit" className="primary" disabled={answer.isPending || (needsYes && !isYes)}>
          Allow
        </button>
        <button
          type="button"
          disabled={answer.isPending}
          onClick={() => {
            answer.mutate('deny')
          }}
        >
          Deny
        </button>
        <input
          type="text"
          aria-label="Reason of a denial"
          placeholder="Reason of a denial"
          value={reason}
          onChange={(event) => {
            setReason(event.target.value)
          }}
        />
      </div>
      <ErrorMessage error={answer.error} />
    </form>
  )
}

import { api } from '@subagent-mcp/api'
import { useState, type ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { useAction, usePage } from '../../data/page-context.js'
import { requestApi } from '../../data/request-api.js'
import { Problem } from '../../parts/problem.js'
import { isDone } from '../../text/figures.js'

/** Ends the turn or the agent. A kill is asked for twice. */
export function AgentActions({ agent }: { agent: AgentSummary }): ReactNode {
  const { token } = usePage().session
  const params = { id: agent.id }
  const interrupt = useAction(() => requestApi(token, api.interruptAgent, { params }))
  const kill = useAction(() => requestApi(token, api.killAgent, { params }))
  const [isSure, setSure] = useState(false)
  const mayEnd = agent.alive || !isDone(agent.status)
  if (!mayEnd) return null
  return (
    <div className="actions">
      {isDone(agent.status) ? null : (
        <button
          type="button"
          disabled={interrupt.isPending}
          onClick={() => {
            interrupt.mutate()
          }}
        >
          End turn
        </button>
      )}
      {isSure ? (
        <>
          <button
            type="button"
            className="danger"
            disabled={kill.isPending}
            onClick={() => {
              kill.mutate()
            }}
          >
            Yes, kill it
          </button>
          <button
            type="button"
            onClick={() => {
              setSure(false)
            }}
          >
            Keep it
          </button>
        </>
      ) : (
        <button
          type="button"
          onClick={() => {
            setSure(true)
          }}
        >
          Kill
        </button>
      )}
      <Problem error={interrupt.error ?? kill.error} />
    </div>
  )
}

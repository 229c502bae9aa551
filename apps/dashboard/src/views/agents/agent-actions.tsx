import { daemonApi } from '@subagent-mcp/api'
import { useState, type ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { usePageAction } from '../../data/page-context.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { isAgentDone } from '../../text/figures.js'

/** Buttons that end an agent's turn or kill the agent. A kill needs a second click. */
export function AgentActions({ agent }: { agent: AgentSummary }): ReactNode {
  const params = { id: agent.id }
  const interrupt = usePageAction((request) => request(daemonApi.interruptAgent, { params }))
  const kill = usePageAction((request) => request(daemonApi.killAgent, { params }))
  const [isSure, setSure] = useState(false)
  const mayEnd = agent.alive || !isAgentDone(agent.status)
  if (!mayEnd) return null
  return (
    <div className="actions">
      {isAgentDone(agent.status) ? null : (
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
      <ErrorMessage error={interrupt.error ?? kill.error} />
    </div>
  )
}

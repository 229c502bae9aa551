import type { ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { escapeLine } from '../../text/visible-lines.js'

/** The name of an agent, or its id without one. */
export function formatAgentTitle({ name, id }: Pick<AgentSummary, 'name' | 'id'>): string {
  return name === undefined || name === '' ? id : escapeLine(name, 80)
}

/** A sign for a status, with its name for readers without sight. */
export function StatusMark({ status }: Pick<AgentSummary, 'status'>): ReactNode {
  return (
    <span
      className={`mark ${status}`}
      role="img"
      aria-label={describeAgentStatus(status)}
      title={describeAgentStatus(status)}
    >
      {signs[status]}
    </span>
  )
}

export function describeAgentStatus(status: AgentSummary['status']): string {
  return status === 'permission_requested'
    ? 'asks for permission'
    : status === 'processing'
      ? 'works'
      : status
}

const signs: Readonly<Record<AgentSummary['status'], string>> = {
  queued: '…',
  processing: '●',
  stalled: '◌',
  permission_requested: '?',
  checking: '◐',
  finished: '✓',
  errored: '✗',
  stopped: '■',
  interrupted: '‖',
}

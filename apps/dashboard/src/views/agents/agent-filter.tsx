import type { ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { escapeLine } from '../../text/visible-lines.js'
import type { AgentFilterValue } from './list-rows.js'

type FilterProps = {
  agents: readonly AgentSummary[]
  filter: AgentFilterValue
  onChange: (filter: AgentFilterValue) => void
}

/** Chooses which agents are listed. */
export function AgentFilter({ agents, filter, onChange }: FilterProps): ReactNode {
  const choice = (field: 'project' | 'provider' | 'status'): ReactNode => {
    const values = [...new Set(agents.map((agent) => agent[field]))].toSorted()
    if (values.length < 2 && filter[field] === '') return null
    return (
      <select
        aria-label={field}
        value={filter[field]}
        onChange={(event) => {
          onChange({ ...filter, [field]: event.target.value })
        }}
      >
        <option value="">all {plurals[field]}</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {escapeLine(field === 'project' ? lastFolder(value) : value.replace('_', ' '), 60)}
          </option>
        ))}
      </select>
    )
  }
  return (
    <div className="filter">
      <input
        type="search"
        aria-label="Filter agents"
        placeholder="Filter"
        value={filter.text}
        onChange={(event) => {
          onChange({ ...filter, text: event.target.value })
        }}
      />
      {choice('project')}
      {choice('provider')}
      {choice('status')}
    </div>
  )
}

const plurals = { project: 'projects', provider: 'providers', status: 'statuses' }

function lastFolder(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path
}

import type { ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { Choice } from '../../parts/choice.js'
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
    const textOf = (value: string) => (field === 'project' ? lastFolder(value) : value.replace('_', ' '))
    return (
      <Choice
        name={field}
        value={filter[field]}
        options={[
          ['', `all ${plurals[field]}`],
          ...values.map((value) => [value, escapeLine(textOf(value), 60)] as const),
        ]}
        onChoose={(value) => {
          onChange({ ...filter, [field]: value })
        }}
      />
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

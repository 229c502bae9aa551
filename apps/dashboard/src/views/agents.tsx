import { useCallback, useState, type ReactNode } from 'react'
import { useAgents } from '../data/page-context.js'
import { navigateTo, useRoute } from '../data/route.js'
import type { PageView } from '../page-view.js'
import { AgentDetail } from './agents/agent-detail.js'
import { AgentFilter } from './agents/agent-filter.js'
import { AgentList } from './agents/agent-list.js'
import {
  getAgentGroup,
  createAgentListRows,
  emptyAgentFilter,
  needsPersonGroupName,
} from './agents/list-rows.js'
import { LaunchForm } from './agents/launch-form.js'

/** All agents in three groups, and one of them in detail. */
export const agentsView: PageView = { path: 'agents', title: 'Agents', Content: Agents, Badge: AskingCount }

function Agents(): ReactNode {
  const agents = useAgents()
  const { rest: chosen } = useRoute()
  const [filter, setFilter] = useState(emptyAgentFilter)
  const [isLaunching, setLaunching] = useState(false)
  const endLaunching = useCallback(() => {
    setLaunching(false)
  }, [])
  const all = [...agents.values()]
  const agent = agents.get(chosen)
  return (
    <div className={chosen === '' && !isLaunching ? 'agents' : 'agents with-detail'}>
      <section className="agent-list" aria-label="Agents">
        <div className="toolbar">
          <h1>Agents</h1>
          <button
            type="button"
            onClick={() => {
              navigateTo('agents')
              setLaunching(true)
            }}
          >
            Launch
          </button>
        </div>
        <AgentFilter agents={all} filter={filter} onChange={setFilter} />
        <AgentList rows={createAgentListRows(all, filter)} chosen={chosen} onChoose={endLaunching} />
      </section>
      {isLaunching && chosen === '' ? (
        <LaunchForm
          agents={all}
          onEnd={(launched) => {
            setLaunching(false)
            if (launched !== undefined) navigateTo('agents', launched)
          }}
        />
      ) : (
        <section className="agent-detail" aria-label="Agent">
          {agent ? (
            <AgentDetail key={agent.id} agent={agent} />
          ) : (
            <p className="empty">{chosen === '' ? overview(all.length) : `There is no agent ${chosen}.`}</p>
          )}
        </section>
      )}
    </div>
  )
}

function overview(count: number): string {
  return count === 0 ? 'No agents yet. Launch one here, or in your host.' : 'Choose an agent to see its work.'
}

/** The number of agents that need the person. */
function AskingCount(): ReactNode {
  const count = [...useAgents().values()].filter(
    (agent) => getAgentGroup(agent) === needsPersonGroupName,
  ).length
  return count === 0 ? null : (
    <span className="badge" aria-label={`${count} need you`}>
      {count}
    </span>
  )
}

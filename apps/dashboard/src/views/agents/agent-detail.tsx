import { useEffect, useState, type ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { usePageParts } from '../../data/page-context.js'
import { navigateTo, formatRouteAddress } from '../../data/route.js'
import type { Transcript } from '../../data/transcript.js'
import { PermissionRequests } from '../../parts/permission-requests.js'
import { formatAgentUsage, formatWorkedTime } from '../../text/figures.js'
import { escapeLine } from '../../text/visible-lines.js'
import { AgentActions } from './agent-actions.js'
import { formatAgentTitle, StatusMark, describeAgentStatus } from './agent-words.js'
import { AgentChanges } from './changes.js'
import { ResultEvidence } from './evidence.js'
import { MessageForm } from './message-form.js'
import { TranscriptList } from './transcript-list.js'

const tabs = ['Transcript', 'Changes', 'Evidence'] as const

/** One agent: what it says and does, its changes and the checks of its results, with everything that a person can do to it. */
export function AgentDetail({ agent }: { agent: AgentSummary }): ReactNode {
  const [tab, setTab] = useState<(typeof tabs)[number]>('Transcript')
  const transcript = useTranscript(agent.id)
  return (
    <article className="detail">
      <AgentHead agent={agent} />
      <PermissionRequests agentId={agent.id} />
      <div className="tabs" role="tablist" aria-label="Parts of the agent">
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="tab-panel"
            onClick={() => {
              setTab(name)
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'Transcript' && transcript ? <TranscriptList transcript={transcript} /> : null}
        {tab === 'Changes' ? <AgentChanges agentId={agent.id} turns={agent.turnCount} /> : null}
        {tab === 'Evidence' ? <ResultEvidence agentId={agent.id} turns={agent.turnCount} /> : null}
      </div>
      {agent.takesMessages ? <MessageForm agent={agent} /> : null}
    </article>
  )
}

/** Follows the facts of an agent while it is shown. */
function useTranscript(agentId: string): Transcript | undefined {
  const { live } = usePageParts()
  const [transcript, setTranscript] = useState<Transcript>()
  useEffect(() => {
    setTranscript(live.watch(agentId))
    return () => {
      live.watch(undefined)
    }
  }, [live, agentId])
  return transcript
}

function AgentHead({ agent }: { agent: AgentSummary }): ReactNode {
  const { provider, model = '', status, parentId, cwd, source, failure } = agent
  return (
    <header className="head">
      <button
        type="button"
        className="back quiet"
        onClick={() => {
          navigateTo('agents')
        }}
      >
        ← All agents
      </button>
      <h2>
        <StatusMark status={status} /> {formatAgentTitle(agent)}
      </h2>
      <p className="dim">
        {describeAgentStatus(status)} · {escapeLine(`${provider} ${model}`, 60)} ·{' '}
        {formatWorkedTime(agent, Date.now())} · {formatAgentUsage(agent)}
        {parentId === undefined ? null : (
          <>
            {' '}
            · launched by <a href={formatRouteAddress('agents', parentId)}>{escapeLine(parentId, 40)}</a>
          </>
        )}
      </p>
      <p className="dim path">{escapeLine(source ?? cwd, 200)}</p>
      {failure ? <p className="problem">{escapeLine(failure.message, 600)}</p> : null}
      <AgentActions agent={agent} />
    </header>
  )
}

import { daemonApi } from '@subagent-mcp/api'
import { useState, type ReactNode } from 'react'
import type { AgentSummary } from '../../data/agents.js'
import { usePageAction } from '../../data/page-context.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { isAgentDone } from '../../text/figures.js'

/** Sends the agent a message: as its next turn, or into the one that runs. */
export function MessageForm({ agent }: { agent: AgentSummary }): ReactNode {
  const [text, setText] = useState('')
  const [steer, setSteer] = useState(false)
  const isWorking = !isAgentDone(agent.status)
  const send = usePageAction(async (request) => {
    const body = { text, ...(steer && isWorking && { steer }) }
    await request(daemonApi.sendMessage, { params: { id: agent.id }, body })
    setText('')
  })
  const submit = (event: { preventDefault(): void }): void => {
    event.preventDefault()
    if (text.trim() !== '') send.mutate()
  }
  return (
    <form className="message" onSubmit={submit}>
      <label htmlFor="message-text" className="hidden">
        Message
      </label>
      <textarea
        id="message-text"
        rows={2}
        placeholder="Message (Ctrl+Enter sends)"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
        }}
      />
      <div className="actions">
        {isWorking ? (
          <label>
            <input
              type="checkbox"
              checked={steer}
              onChange={(event) => {
                setSteer(event.target.checked)
              }}
            />{' '}
            into the running turn
          </label>
        ) : null}
        <button type="submit" className="primary" disabled={send.isPending || text.trim() === ''}>
          Send
        </button>
      </div>
      <ErrorMessage error={send.error} />
    </form>
  )
}

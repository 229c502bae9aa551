import { daemonApi } from '@subagent-mcp/api'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { usePageAction, usePageQuery } from '../../data/page-context.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { escapeLine } from '../../text/visible-lines.js'
import { DiffView } from './diff-view.js'

type ChangesProps = { agentId: string; turns: number }
type Action = 'apply' | 'discard' | 'undo'

/** The changes of an agent, with the buttons that apply, discard or undo them. */
export function AgentChanges({ agentId, turns }: ChangesProps): ReactNode {
  const queries = useQueryClient()
  const [result, setResult] = useState('')
  const [asked, setAsked] = useState<Action>()
  const params = { id: agentId }
  const key = ['changes', agentId]
  const { data, error } = usePageQuery([...key, turns], (request) =>
    request(daemonApi.getChanges, { params }),
  )
  const act = usePageAction(async (request, action: Action) => {
    const done = await request(daemonApi.actOnChanges, { params, body: { action } })
    setAsked(undefined)
    setResult(resultText(done))
    await queries.invalidateQueries({ queryKey: key })
  })
  if (error) return <p className="empty">{escapeLine(error.message, 300)}</p>
  if (!data) return <p className="empty">…</p>
  const actions: readonly Action[] = data.inPlace ? ['undo'] : ['apply', 'discard']
  return (
    <div className="scroller changes">
      <p role="status">{result}</p>
      <ErrorMessage error={act.error} />
      {data.files.length === 0 ? (
        <p className="empty">{data.inPlace ? 'It has changed no file.' : 'There is nothing to apply.'}</p>
      ) : (
        <>
          <div className="actions">
            {asked === undefined ? (
              actions.map((action) => (
                <button
                  key={action}
                  type="button"
                  className={action === 'apply' ? 'primary' : ''}
                  disabled={act.isPending}
                  onClick={() => {
                    if (action === 'apply') act.mutate(action)
                    else setAsked(action)
                  }}
                >
                  {words[action]}
                </button>
              ))
            ) : (
              <>
                <button
                  type="button"
                  className="danger"
                  disabled={act.isPending}
                  onClick={() => {
                    act.mutate(asked)
                  }}
                >
                  Yes, {asked}
                </button>
                <button
                  type="button"
                  onClick={() => {
                    setAsked(undefined)
                  }}
                >
                  Keep
                </button>
              </>
            )}
          </div>
          <ul className="files">
            {data.files.map(({ path, status, added, removed }) => (
              <li key={path}>
                <code>{escapeLine(path, 400)}</code>{' '}
                <span className="dim">
                  {status} {added === undefined ? 'binary' : `+${added} −${removed ?? 0}`}
                </span>
              </li>
            ))}
          </ul>
          <DiffView text={data.patch} isCut={data.patchCut === true} />
        </>
      )}
    </div>
  )
}

const words: Readonly<Record<Action, string>> = {
  apply: 'Apply to the checkout',
  discard: 'Discard',
  undo: 'Undo in the checkout',
}

type Done = {
  applied?: readonly unknown[]
  undone?: readonly unknown[]
  discarded?: true
  conflicts?: readonly { path: string; reason: string }[]
}

function resultText({ applied, undone, discarded, conflicts = [] }: Done): string {
  if (applied) return `Applied: ${applied.length} ${applied.length === 1 ? 'file' : 'files'}.`
  if (undone) return `Undone: ${undone.length} ${undone.length === 1 ? 'file' : 'files'}.`
  if (discarded) return 'Discarded.'
  return `Nothing was changed: ${conflicts.map(({ path, reason }) => escapeLine(`${path} (${reason})`, 200)).join('; ')}`
}

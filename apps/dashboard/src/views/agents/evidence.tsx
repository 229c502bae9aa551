import { daemonApi, describeEvidence, type CheckEvidence } from '@subagent-mcp/api'
import type { ReactNode } from 'react'
import { usePageQuery } from '../../data/page-context.js'
import { ErrorMessage } from '../../parts/error-message.js'
import { escapeLine, escapeOutput } from '../../text/visible-lines.js'

/** The findings of the checks of an agent's turns, the newest turn first. */
export function ResultEvidence({ agentId, turns }: { agentId: string; turns: number }): ReactNode {
  const { data, error } = usePageQuery(['evidence', agentId, turns], (request) =>
    request(daemonApi.getAgent, { params: { id: agentId } }),
  )
  const checks = data?.checks ?? []
  return (
    <div className="scroller evidence">
      <ErrorMessage error={error} />
      {data && checks.length === 0 ? (
        <p className="empty">
          No turn was checked: the launch named no check, so a result is what the agent claims.
        </p>
      ) : null}
      {checks.toReversed().map(({ turn, grade, evidence, why = [] }) => (
        <section key={turn}>
          <h3>
            Turn {turn}: {grade}
          </h3>
          {why.map((reason) => (
            <p key={reason}>{escapeLine(reason, 600)}</p>
          ))}
          <ul>
            {evidence.map((one) => (
              <li key={describeEvidence(one)} className={one.passed ? '' : 'problem'}>
                {one.passed ? '✓' : '✗'} {escapeLine(describeEvidence(one), 1_000)}
                <GateOutput evidence={one} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function GateOutput({ evidence }: { evidence: CheckEvidence }): ReactNode {
  if (evidence.type !== 'gate' || evidence.output === '') return null
  return (
    <details>
      <summary>Output</summary>
      <pre className="output">{escapeOutput(evidence.output)}</pre>
    </details>
  )
}

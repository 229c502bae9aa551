import type { ReactNode } from 'react'
import { escapeLines } from '../text/visible-lines.js'

/** Shows the whole input of a tool call, field by field; nothing of it is left out or hidden. */
export function CallInput({ input }: { input: unknown }): ReactNode {
  const fields: [string, unknown][] =
    typeof input === 'object' && input !== null ? Object.entries(input) : [['input', input]]
  return (
    <dl className="call-input">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{escapeLines(name)}</dt>
          <dd>
            <pre>
              {escapeLines(
                typeof value === 'string' ? value : JSON.stringify(value, undefined, 2),
                mostOfField,
              )}
            </pre>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** More than any command that a person can judge; what is left out is counted. */
const mostOfField = 500_000

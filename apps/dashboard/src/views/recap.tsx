import { api } from '@subagent-mcp/api'
import { describeRecap, type RecapLine } from '@subagent-mcp/mcp-server'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { usePageParts } from '../data/page-context.js'
import { requestApi } from '../data/request-api.js'
import { routeAddress } from '../data/route.js'
import type { PageView } from '../page-view.js'
import { ErrorMessage } from '../parts/error-message.js'

/** What agents did in a time span, and what waits for the user now. */
export const recapView: PageView = { path: 'recap', title: 'Recap', Content: Recap }

const hour = 3_600_000

const spans = [
  ['hour', hour],
  ['8 hours', 8 * hour],
  ['day', 24 * hour],
  ['week', 7 * 24 * hour],
] as const

function Recap(): ReactNode {
  const { token } = usePageParts().session
  const [span, setSpan] = useState<number>(8 * hour)
  const { data, error } = useQuery({
    queryKey: ['recap', span],
    queryFn: () => requestApi(token, api.recap, { query: { since: wholeMinute(Date.now() - span) } }),
    refetchInterval: 30_000,
  })
  return (
    <div className="page recap">
      <h1>Recap</h1>
      <label>
        Of the last{' '}
        <select
          value={span}
          onChange={({ target: { value } }) => {
            setSpan(Number(value))
          }}
        >
          {spans.map(([name, length]) => (
            <option key={name} value={length}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <ErrorMessage error={error} />
      {data ? groupsOf(describeRecap(data)).map((lines, index) => <Group key={index} lines={lines} />) : null}
    </div>
  )
}

/** Pages that ask in the same minute ask for the same. */
function wholeMinute(at: number): number {
  return Math.floor(at / 60_000) * 60_000
}

/** A heading and the lines below it. Every line is text with its invisible characters spelled out. */
function Group({ lines: [heading, ...lines] }: { lines: readonly RecapLine[] }): ReactNode {
  if (!heading) return null
  return (
    <section>
      <h2>
        <LineText line={heading} />
      </h2>
      <ul>
        {lines.map((line, index) => (
          <li key={index} className={line.depth === 2 ? 'deeper' : undefined}>
            <LineText line={line} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function LineText({ line: { text, agentId } }: { line: RecapLine }): ReactNode {
  return agentId === undefined ? text : <a href={routeAddress('agents', agentId)}>{text}</a>
}

function groupsOf(lines: readonly RecapLine[]): readonly (readonly RecapLine[])[] {
  const starts = lines.flatMap(({ depth }, index) => (depth === 0 ? [index] : []))
  return starts.map((start, index) => lines.slice(start, starts[index + 1]))
}

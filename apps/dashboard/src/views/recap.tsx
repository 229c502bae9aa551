import { daemonApi } from '@subagent-mcp/api'
import { describeRecap, type RecapLine } from '@subagent-mcp/mcp-server'
import { useState, type ReactNode } from 'react'
import { usePageQuery } from '../data/page-context.js'
import type { PageRequest } from '../data/request-api.js'
import { formatRouteAddress } from '../data/route.js'
import type { PageView } from '../page-view.js'
import { Choice } from '../parts/choice.js'
import { ErrorMessage } from '../parts/error-message.js'

/** The work of agents in a time span, and the questions that wait for the user now. */
export const recapView: PageView = { path: 'recap', title: 'Recap', Content: Recap }

const hour = 3_600_000

const spans = [
  [String(hour), 'hour'],
  [String(8 * hour), '8 hours'],
  [String(24 * hour), 'day'],
  [String(7 * 24 * hour), 'week'],
] as const

function Recap(): ReactNode {
  const [span, setSpan] = useState(8 * hour)
  const ask = (request: PageRequest) =>
    request(daemonApi.recap, { query: { since: wholeMinute(Date.now() - span) } })
  const { data, error } = usePageQuery(['recap', span], ask, { refetchInterval: 30_000 })
  return (
    <div className="page recap">
      <h1>Recap</h1>
      <label>
        Of the last{' '}
        <Choice
          value={String(span)}
          options={spans}
          onChoose={(value) => {
            setSpan(Number(value))
          }}
        />
      </label>
      <ErrorMessage error={error} />
      {data ? groupsOf(describeRecap(data)).map((lines, index) => <Group key={index} lines={lines} />) : null}
    </div>
  )
}

/** Rounds a time down to its minute, so that pages which ask in the same minute send the same request. */
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
  return agentId === undefined ? text : <a href={formatRouteAddress('agents', agentId)}>{text}</a>
}

function groupsOf(lines: readonly RecapLine[]): readonly (readonly RecapLine[])[] {
  const starts = lines.flatMap(({ depth }, index) => (depth === 0 ? [index] : []))
  return starts.map((start, index) => lines.slice(start, starts[index + 1]))
}

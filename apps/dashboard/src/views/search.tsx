import { daemonApi, splitExcerptAtMatches, type FoundPassage } from '@subagent-mcp/api'
import { useState, type ReactNode } from 'react'
import { usePageQuery } from '../data/page-context.js'
import type { PageRequest } from '../data/request-api.js'
import { formatRouteAddress } from '../data/route.js'
import type { PageView } from '../page-view.js'
import { ErrorMessage } from '../parts/error-message.js'
import { formatDateTime } from '../text/figures.js'
import { escapeLine, escapeOutput } from '../text/visible-lines.js'

/** A field that searches the texts of agents and messages. */
export const searchView: PageView = { path: 'search', title: 'Search', Content: Search }

function Search(): ReactNode {
  const [typed, setTyped] = useState('')
  const [text, setText] = useState('')
  const ask = (request: PageRequest) => request(daemonApi.search, { query: { text, limit: 50 } })
  const { data, error, isFetching } = usePageQuery(['search', text], ask, { enabled: text !== '' })
  return (
    <div className="page search">
      <h1>Search</h1>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault()
          setText(typed.trim())
        }}
      >
        <label>
          Words{' '}
          <input
            type="search"
            value={typed}
            maxLength={1_000}
            onChange={({ target: { value } }) => {
              setTyped(value)
            }}
          />
        </label>{' '}
        <button type="submit">Search</button>
      </form>
      <p className="dim">
        All words must occur; &quot;several words&quot; in a row; the beginning of a word as begin*.
      </p>
      <ErrorMessage error={error} />
      <p className="dim" role="status">
        {isFetching ? 'Searching …' : data && data.passages.length === 0 ? 'Nothing found.' : ''}
      </p>
      <ul className="log">
        {data?.passages.map((passage) => (
          <Found key={`${passage.kind} ${passage.seq} ${passage.excerpt}`} passage={passage} />
        ))}
      </ul>
      <ErrorMessage error={data?.mailProblem} />
      {data?.more ? <p className="dim">There are older ones. More words find fewer.</p> : null}
    </div>
  )
}

function Found({ passage }: { passage: FoundPassage }): ReactNode {
  const { at, kind, source, name } = passage
  const place = kind === 'mail' ? formatRouteAddress('mail', source) : formatRouteAddress('agents', source)
  return (
    <li>
      <span className="dim">{formatDateTime(at)}</span> <a href={place}>{escapeLine(name ?? source, 60)}</a>{' '}
      <span className="dim">{kind}</span>
      <p className="excerpt">
        {splitExcerptAtMatches(passage).map(({ text, isMatch }, index) =>
          isMatch ? <mark key={index}>{escapeOutput(text)}</mark> : escapeOutput(text),
        )}
      </p>
    </li>
  )
}

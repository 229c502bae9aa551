import { memo, type ReactNode } from 'react'
import type { TranscriptItem } from '../../data/transcript.js'
import { CallInput } from '../../parts/call-input.js'
import { ModelText } from '../../text/model-text.js'
import { escapeLine, escapeLines, escapeOutput } from '../../text/visible-lines.js'
import { formatDateTime } from '../../text/figures.js'

type EntryProps = { item: TranscriptItem; isOpen: boolean; onToggle: (key: number) => void }

/** One entry of a transcript. A tool call is one line, which opens. */
export const TranscriptEntry = memo(function TranscriptEntry({
  item,
  isOpen,
  onToggle,
}: EntryProps): ReactNode {
  switch (item.type) {
    case 'prompt':
      return (
        <div className="entry prompt">
          <p className="dim">
            {item.isSteered ? 'into the running turn' : 'to the agent'} · {formatDateTime(item.at)}
          </p>
          <pre className="plain">{escapeLines(item.text)}</pre>
        </div>
      )
    case 'said':
      return (
        <div className="entry said">
          <ModelText text={item.text} isWriting={item.isWriting} />
        </div>
      )
    case 'note':
      return (
        <p className={item.isProblem ? 'entry note problem' : 'entry note dim'}>
          {formatDateTime(item.at)} {escapeLine(item.text, 2_000)}
        </p>
      )
    case 'call':
      return <Call item={item} isOpen={isOpen} onToggle={onToggle} />
  }
})

type CallProps = Omit<EntryProps, 'item'> & { item: TranscriptItem & { type: 'call' } }

function Call({ item, isOpen, onToggle }: CallProps): ReactNode {
  const { tool, input, state, output, key } = item
  return (
    <div className={`entry call ${state}`}>
      <button
        type="button"
        className="fold"
        aria-expanded={isOpen}
        onClick={() => {
          onToggle(key)
        }}
      >
        <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> <strong>{escapeLine(tool, 80)}</strong>{' '}
        <span className="dim">{escapeLine(shortInput(input), 160)}</span>{' '}
        <span className="state">{ends[state]}</span>
      </button>
      {isOpen ? (
        <div className="call-body">
          <CallInput input={input} />
          {output === '' ? null : <pre className="output">{escapeOutput(output)}</pre>}
        </div>
      ) : null}
    </div>
  )
}

const ends = { running: '…', done: '✓', failed: 'failed' }

/** The most telling field of a tool's input in one line. */
function shortInput(input: unknown): string {
  if (typeof input === 'string') return input
  if (typeof input !== 'object' || input === null) return ''
  const fields = Object.entries(input)
  const first = fields.find(([name]) => telling.includes(name)) ?? fields[0]
  return first === undefined ? '' : typeof first[1] === 'string' ? first[1] : JSON.stringify(first[1])
}

const telling = ['command', 'file_path', 'path', 'pattern', 'url', 'query', 'title']

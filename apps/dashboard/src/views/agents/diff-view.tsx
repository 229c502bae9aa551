import type { ReactNode } from 'react'
import { escapeLines } from '../../text/visible-lines.js'

/** The most lines of a diff that are drawn; the checkout has the rest. */
const mostLines = 3_000

/** Shows a diff with its added and removed lines in colour, and a sign for readers without. */
export function DiffView({ text, isCut }: { text: string; isCut: boolean }): ReactNode {
  const lines = text.split('\n')
  const shown = lines.slice(0, mostLines)
  return (
    <pre className="patch">
      {shown.map((line, index) => (
        // A diff is drawn once, so its lines keep their places.
        <span key={index} className={kinds[line.charAt(0)]}>
          {escapeLines(line, 2_000)}
          {'\n'}
        </span>
      ))}
      {isCut || shown.length < lines.length ? '… the end is left out' : null}
    </pre>
  )
}

const kinds: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'hunk', d: 'file' }

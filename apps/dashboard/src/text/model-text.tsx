import { lazy, Suspense, type ReactNode } from 'react'
import { escapeLines } from './visible-lines.js'

// The Markdown reader is loaded with the first text, so that the page itself is there sooner.
const Markdown = lazy(() => import('./markdown.js'))

/** Shows a text of a model: as Markdown once it is whole, as plain text while the model writes it. */
export function ModelText({ text, isWriting = false }: { text: string; isWriting?: boolean }): ReactNode {
  const plain = <pre className="plain">{escapeLines(text)}</pre>
  if (isWriting) return plain
  return (
    <Suspense fallback={plain}>
      <Markdown text={text} />
    </Suspense>
  )
}

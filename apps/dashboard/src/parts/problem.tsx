import type { ReactNode } from 'react'
import { visibleLines } from '../text/visible-lines.js'

/** Shows the error of a request or an action; nothing without one. */
export function Problem({ error }: { error: unknown }): ReactNode {
  if (error === null || error === undefined) return null
  const message = error instanceof Error ? error.message : String(error)
  const hint = error instanceof Error && 'hint' in error ? String(error.hint) : ''
  return (
    <p className="problem" role="alert">
      {visibleLines(hint === '' ? message : `${message} (${hint})`)}
    </p>
  )
}

import type { ReactNode } from 'react'
import { visibleLines } from '../text/visible-lines.js'

/** Shows the error of a request or an action; nothing without one. */
export function Problem({ error }: { error: Error | string | null | undefined }): ReactNode {
  if (!error) return null
  const message = typeof error === 'string' ? error : error.message
  const hint =
    typeof error === 'object' && 'hint' in error && typeof error.hint === 'string' ? error.hint : ''
  return (
    <p className="problem" role="alert">
      {visibleLines(hint === '' ? message : `${message} (${hint})`)}
    </p>
  )
}

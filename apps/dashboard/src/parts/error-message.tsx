import type { ReactNode } from 'react'
import { escapeLines } from '../text/visible-lines.js'

/** Shows the error of a request or an action; nothing without one. */
export function ErrorMessage({ error }: { error: Error | string | null | undefined }): ReactNode {
  if (!error) return null
  const message = typeof error === 'string' ? error : error.message
  const hint =
    typeof error === 'object' && 'hint' in error && typeof error.hint === 'string' ? error.hint : ''
  return (
    <p className="problem" role="alert">
      {escapeLines(hint === '' ? message : `${message} (${hint})`)}
    </p>
  )
}

import type { CodeReview } from '@subagent-mcp/api'
import type { Output } from '../terminal/terminal.js'
import { safeText } from '../terminal/text.js'

/** Describes a review for a terminal: the numbered findings, and a last line with the verdict of `reviewer`. */
export function codeReviewText(
  { verdict, findings }: CodeReview,
  { reviewer, paint }: Pick<Output, 'paint'> & { reviewer: string },
): string {
  const shown = findings.map(({ file, line, severity, title, why }, index) => {
    const place = `${index + 1}. ${oneLine(file)}:${line}`
    const head = `${place} ${paint(severity === 'high' ? 'red' : 'yellow', severity)} ${oneLine(title)}`
    return `${head}\n${safeText(why).trim().replace(/^/gm, '   ')}\n\n`
  })
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  const said = verdict === 'approve' ? 'approves the changes' : 'wants changes'
  return `${shown.join('')}${reviewer} ${said}: ${count}`
}

function oneLine(text: string): string {
  return safeText(text).replace(/\s+/g, ' ').trim()
}

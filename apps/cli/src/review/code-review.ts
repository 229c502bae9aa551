import { z } from 'zod'
import type { Output } from '../terminal/terminal.js'
import { safeText } from '../terminal/text.js'

const Finding = z.object({
  /** The path of the file, relative to the folder of the review. */
  file: z.string(),
  /** The line in the new file, from 1. */
  line: z.int().positive(),
  severity: z.enum(['high', 'medium', 'low']),
  title: z.string(),
  why: z.string(),
})

/** The answer of a reviewer: whether the changes can be used as they are, and what is wrong with them, the worst first. */
export const CodeReview = z.object({ verdict: z.enum(['approve', 'changes']), findings: z.array(Finding) })
export type CodeReview = z.infer<typeof CodeReview>

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

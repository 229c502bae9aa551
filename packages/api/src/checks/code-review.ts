import { z } from 'zod'

const ReviewFinding = z.object({
  file: z.string(),
  /** The line in the new file, from 1. */
  line: z.int().positive(),
  severity: z.enum(['high', 'medium', 'low']),
  title: z.string(),
  why: z.string(),
})

/** The answer of a reviewer: whether the changes can be used as they are, and what is wrong with them, the worst first. */
export const CodeReview = z.object({
  verdict: z.enum(['approve', 'changes']),
  findings: z.array(ReviewFinding),
})
export type CodeReview = z.infer<typeof CodeReview>

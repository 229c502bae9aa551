import { z } from 'zod'
import { CodeReview } from './code-review.js'
import { readonlyListSchema, looseObjectSchema } from '../response-schemas.js'

/**
 * How far the result of a turn was checked. `claimed`: the agent says that it is done. `checked`: the answer has the form that
 * the launch asked for. `verified`: the commands of the launch succeeded on the delivered files. `reviewed`: an agent of another
 * vendor accepted them, too. `rejected`: a check failed.
 */
export const ResultGrade = z.enum(['claimed', 'checked', 'verified', 'reviewed', 'rejected'])
export type ResultGrade = z.infer<typeof ResultGrade>

/** The answer of a turn compared with the launch's `outputSchema`. `problems` says what does not match; empty if all does. */
const SchemaEvidence = looseObjectSchema({
  type: z.literal('schema'),
  passed: z.boolean(),
  problems: readonlyListSchema(z.string()),
})

const gateRunShape = {
  outcome: z.enum(['passed', 'failed', 'timed-out', 'not-run']),
  code: z.number().describe('exit code').exactOptional(),
  startedAt: z.number().describe('Unix ms').exactOptional(),
  durationMs: z.number(),
  output: z.string().describe('its end, with secrets masked'),
  why: z.string().describe('why it was not run, or probably failed').exactOptional(),
}
export const GateRunResult = looseObjectSchema(gateRunShape)
export type GateRunResult = z.infer<typeof GateRunResult>

/** A command that the daemon ran on the result, and on the state before the agent's work. */
export const GateEvidence = looseObjectSchema({
  type: z.literal('gate'),
  passed: z.boolean(),
  command: z.string(),
  ...gateRunShape,
  tree: z.string().describe('git tree that it ran on').exactOptional(),
  altered: readonlyListSchema(z.string()).describe('files that it changed'),
  base: GateRunResult,
})
export type GateEvidence = z.infer<typeof GateEvidence>

/** The files of the result. `tree`: the git tree id of the folder; missing because of `problem`. */
export const GitTreeEvidence = looseObjectSchema({
  type: z.literal('tree'),
  passed: z.boolean(),
  tree: z.string().exactOptional(),
  problem: z.string().exactOptional(),
  changed: z.number().describe('how many files differ from the base'),
  files: readonlyListSchema(z.string()).describe('the first of them'),
  gateFiles: readonlyListSchema(z.string()).describe('those that decide what a gate checks'),
})
export type GitTreeEvidence = z.infer<typeof GitTreeEvidence>

/** The changed files compared with `accept.files`. `outside`: not within `only`; `missed`: globs of `must` without a changed file. */
const FilesEvidence = looseObjectSchema({
  type: z.literal('files'),
  passed: z.boolean(),
  outside: readonlyListSchema(z.string()),
  missed: readonlyListSchema(z.string()),
})

/** The review by an agent of another provider. Without a verdict it did not happen, because of `problem`. */
const ReviewEvidence = looseObjectSchema({
  type: z.literal('review'),
  passed: z.boolean(),
  by: z.string().describe('provider and model').exactOptional(),
  tree: z.string().exactOptional(),
  verdict: z.enum(['approve', 'changes']).exactOptional(),
  findings: CodeReview.shape.findings,
  problem: z.string().exactOptional(),
})

export const CheckEvidence = z.union([
  SchemaEvidence,
  GitTreeEvidence,
  GateEvidence,
  FilesEvidence,
  ReviewEvidence,
])
export type CheckEvidence = z.infer<typeof CheckEvidence>

/** The keys of `TurnCheckResult`. */
export const turnCheckResultShape = {
  grade: ResultGrade,
  evidence: readonlyListSchema(CheckEvidence),
  why: readonlyListSchema(z.string()).describe('why the grade is not better').exactOptional(),
}
export const TurnCheckResult = looseObjectSchema(turnCheckResultShape)
export type TurnCheckResult = z.infer<typeof TurnCheckResult>

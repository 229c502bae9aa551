import { z } from 'zod'
import { listOf, looseObject } from './loose-object.js'

/**
 * How far the result of a turn was checked. `claimed`: the agent says that it is done. `checked`: the answer has the form that
 * the launch asked for. `verified`: the commands of the launch succeeded on the delivered files. `reviewed`: an agent of another
 * vendor accepted them, too. `rejected`: a check failed.
 */
export const ResultGrade = z.enum(['claimed', 'checked', 'verified', 'reviewed', 'rejected'])
export type ResultGrade = z.infer<typeof ResultGrade>

/** The answer of a turn compared with the launch's `outputSchema`. `problems` says what does not match; empty if all does. */
const SchemaEvidence = looseObject({
  type: z.literal('schema'),
  passed: z.boolean(),
  problems: listOf(z.string()),
})

/** What one check of a turn's result found. */
export const CheckEvidence = SchemaEvidence
export type CheckEvidence = z.infer<typeof CheckEvidence>

/** The result of checking a turn. */
export const TurnCheck = looseObject({
  grade: ResultGrade,
  evidence: listOf(CheckEvidence),
})
export type TurnCheck = z.infer<typeof TurnCheck>

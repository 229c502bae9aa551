import type { CheckEvidence } from '@subagent-mcp/api'
import type { JsonSchema } from '@subagent-mcp/contract'
import type { TurnChecker, TurnToCheck, TurnVerdict } from '@subagent-mcp/core'
import { writeRepairPrompt, describeFailedChecks } from '../acceptance/acceptance-texts.js'
import { gradeResult } from '../acceptance/grade-result.js'

/** Checks an output schema. @throws SubagentError `invalid-parameter` for a schema that is not valid */
export async function checkOutputSchema(schema: JsonSchema): Promise<void> {
  // The library ajv is loaded with the first schema, because it would make every start of the daemon slower.
  const { compileOutputSchema } = await import('./output-schema.js')
  compileOutputSchema(schema)
}

/** Checks the work of a turn by the `accept` of its launch, and returns what was found. */
export type TurnWorkChecker = (turn: TurnToCheck, signal: AbortSignal) => Promise<readonly CheckEvidence[]>

/** Creates the check of results: first whether the answer matches the launch's schema, then the work itself. */
export function createTurnCheck(checkWork: TurnWorkChecker): TurnChecker {
  return async (turn, signal) => {
    const { outputSchema, accept } = turn.agent.profile
    const answered = outputSchema ? await checkAnswer(outputSchema, turn.answer) : unchecked
    if (!accept || !answered.passed) return answered
    return verdictOn(await checkWork(turn, signal), answered)
  }
}

const unchecked: TurnVerdict = { passed: true, check: { grade: 'claimed', evidence: [] } }

/** The verdict on the work of a turn whose answer passed. A command that cannot run here is nothing that the agent could repair. */
function verdictOn(found: readonly CheckEvidence[], answered: TurnVerdict & { passed: true }): TurnVerdict {
  const evidence = [...answered.check.evidence, ...found]
  const { grade, why } = gradeResult(evidence)
  const check = { ...answered.check, grade, evidence, ...(why.length > 0 && { why }) }
  const problem = describeFailedChecks(evidence)
  if (problem === undefined) return { ...answered, check }
  const isFinal = evidence.some((one) => one.type === 'gate' && one.outcome === 'not-run')
  return {
    passed: false,
    problem,
    feedback: writeRepairPrompt(evidence),
    check,
    ...(isFinal && { final: true }),
  }
}

async function checkAnswer(schema: JsonSchema, answer: string): Promise<TurnVerdict> {
  const { matchOutputSchema: matchSchema } = await import('./output-schema.js')
  const match = matchSchema(schema, answer)
  if ('json' in match) {
    const evidence = [{ type: 'schema', passed: true, problems: [] } as const]
    return { passed: true, answer: match.json, check: { grade: 'checked', evidence } }
  }
  const { problems } = match
  const listed = problems.map((problem) => `- ${problem}`).join('\n')
  return {
    passed: false,
    problem: `the answer does not match output_schema: ${problems.join('; ')}`,
    feedback: `Your answer does not match the JSON Schema that was asked for:\n${listed}\nGive the whole answer again, as JSON that matches this schema:\n${JSON.stringify(schema)}`,
    check: { grade: 'rejected', evidence: [{ type: 'schema', passed: false, problems }] },
  }
}

import type { JsonSchema } from '@subagent-mcp/contract'
import type { CheckTurn, TurnVerdict } from '@subagent-mcp/core'

/** Checks an output schema. @throws SubagentError `invalid-parameter` for a schema that is not valid */
export async function checkOutputSchema(schema: JsonSchema): Promise<void> {
  // Loaded with the first schema, because ajv would make every start of the daemon slower.
  const { checkSchema } = await import('./output-schema.js')
  checkSchema(schema)
}

/** Checks the result of a turn: first whether the answer matches the launch's schema. */
export const checkTurn: CheckTurn = async ({ agent, answer }) => {
  const { outputSchema } = agent.profile
  if (!outputSchema) return { passed: true, check: { grade: 'claimed', evidence: [] } }
  return checkAnswer(outputSchema, answer)
}

async function checkAnswer(schema: JsonSchema, answer: string): Promise<TurnVerdict> {
  const { matchSchema } = await import('./output-schema.js')
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

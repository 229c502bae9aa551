import type { Driver, JsonSchema } from '@subagent-mcp/contract'
import type { AgentProfile } from '../agent/agent.js'

/**
 * How a session is asked for answers by a schema: `outputSchema` if its CLI holds them to it, otherwise `request`, a text at the
 * end of each prompt. A task is told, because its session was opened for any task of its definition.
 */
export type SchemaRequest = { outputSchema?: JsonSchema; request?: string }

export function askForSchema(
  { outputSchema: schema, pool }: AgentProfile,
  driver: Pick<Driver, 'takesSchema'> | undefined,
): SchemaRequest {
  if (!schema) return {}
  // The dialect is checked at launch. CLIs refuse its name.
  const { $schema: _, ...outputSchema } = schema
  return !pool && driver?.takesSchema?.(outputSchema) === true
    ? { outputSchema }
    : { request: schemaRequest(outputSchema) }
}

/** The words that ask a model for an answer by a schema. */
function schemaRequest(schema: JsonSchema): string {
  const form =
    'End your turn with one JSON value that matches this JSON Schema, and nothing around it: no words, no code fence.'
  return `${form}\n${JSON.stringify(schema)}`
}

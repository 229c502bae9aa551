import { OutputSchema } from '@subagent-mcp/api'
import { parseJson, type JsonSchema } from '@subagent-mcp/contract'
import { createUsageError } from '../command/create-usage-error.js'
import { textArgSchema } from '../command/arg-schemas.js'
import { readFileSync } from 'node:fs'

/** The option `--output-schema`: the path of a file, or the schema itself. */
export const outputSchemaFlag = textArgSchema(
  'file|JSON',
  'JSON Schema that the answer must match: a file, or the schema itself',
).exactOptional()

/** Returns the schema of `--output-schema`. @throws SubagentError for a file that cannot be read, or that holds no schema */
export function readOutputSchema(given: string): JsonSchema {
  const isText = given.trimStart().startsWith('{')
  const schema = OutputSchema.safeParse(parseJson(isText ? given : textOf(given)))
  if (schema.success) return schema.data
  const problem = schema.error.issues[0]?.message ?? 'must be a JSON Schema'
  throw createUsageError(`--output-schema ${isText ? '' : `${given} `}${problem}`)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw createUsageError(`--output-schema: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

import type { JsonSchema } from '@subagent-mcp/contract'

/** The tool with which the model gives its answer, in a session with a schema. Claude has it only there. */
export const answerToolName = 'StructuredOutput'

/**
 * Whether Claude itself can hold answers to a schema. It makes the schema the input of a tool, which must be an object, and
 * checks it as draft-07. A schema that it cannot read gives a session without that tool, and without an error.
 */
export function claudeAcceptsSchema(schema: JsonSchema): boolean {
  return schema['type'] === 'object' && !topLevel.some((key) => key in schema) && !usesNewerKeys(schema)
}

/** Keys that the model API refuses at the top level of a tool's input. */
const topLevel = ['oneOf', 'anyOf', 'allOf', 'not', 'if', '$ref', 'enum', 'const']

/** The keys that JSON Schema got after draft-07. */
const newerKeys: ReadonlySet<string> = new Set([
  ...['prefixItems', 'unevaluatedItems', 'unevaluatedProperties', 'dependentSchemas', 'dependentRequired'],
  ...['minContains', 'maxContains', '$anchor', '$dynamicRef', '$dynamicAnchor', '$vocabulary'],
])

/** Whether one of the newer keys stands anywhere in a schema, also as the name of a property: then Claude is only told. */
function usesNewerKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => newerKeys.has(key) || usesNewerKeys(inner))
}

import { z } from 'zod'

/**
 * Creates the plainest value that fits a JSON schema, in the words of JSON Schema or of Gemini (`STRING`). It answers side
 * questions of CLIs, which they would otherwise retry.
 */
export function jsonFromSchema(schema: unknown): unknown {
  const { type, enum: values, const: constant, anyOf, properties, items, minimum } = Schema.parse(schema)
  if (constant !== undefined) return constant
  if (values !== undefined) return values[0]
  if (anyOf !== undefined) return jsonFromSchema(anyOf[0])
  const kind = [type].flat()[0]?.toLowerCase()
  if (kind === 'object') {
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([name, each]) => [name, jsonFromSchema(each)]),
    )
  }
  if (kind === 'array') return items === undefined ? [] : [jsonFromSchema(items)]
  if (kind === 'integer' || kind === 'number') return minimum ?? 1
  if (kind === 'boolean') return false
  return kind === 'null' ? null : 'plain answer'
}

const Schema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  minimum: z.number().optional(),
})

import type { JsonSchema } from '@subagent-mcp/contract'

/**
 * Whether the model API holds answers to a schema. Codex asks for that in strict mode, which refuses other schemas with an
 * error: every object must list all its properties as required and allow no others, and few keys are known.
 */
export function takesSchema(schema: JsonSchema): boolean {
  return schema['type'] === 'object' && isStrict(schema)
}

const plainKeys: ReadonlySet<string> = new Set(['type', 'title', 'description', 'enum', 'const', '$ref'])

function isStrict(schema: unknown): boolean {
  if (!isObject(schema)) return false
  if (schema['type'] === 'object' && !isClosed(schema)) return false
  return Object.entries(schema).every(([key, value]) => {
    if (key === 'properties' || key === '$defs')
      return isObject(value) && Object.values(value).every(isStrict)
    if (key === 'items') return isStrict(value)
    if (key === 'anyOf') return Array.isArray(value) && value.every(isStrict)
    return plainKeys.has(key) || ['required', 'additionalProperties'].includes(key)
  })
}

function isClosed({ properties, required, additionalProperties }: JsonSchema): boolean {
  if (!isObject(properties) || !Array.isArray(required) || additionalProperties !== false) return false
  return Object.keys(properties).every((name) => required.includes(name))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { expect, test } from 'vitest'
import { claudeAcceptsSchema } from './output-schema.js'

const properties = { n: { type: 'integer' } }

test.for([
  [{ type: 'object', properties }, true],
  [{ type: 'object', properties, required: ['n'], $defs: { a: { anyOf: [{ type: 'null' }] } } }, true],
  [{ type: 'array', items: { type: 'integer' } }, false],
  [{ properties }, false],
  [{ type: 'object', anyOf: [{ required: ['a'] }] }, false],
  [{ type: 'object', properties: { pair: { type: 'array', prefixItems: [{}] } } }, false],
] as const)(
  'claude holds answers to a schema of which it can make the input of a tool: %j',
  ([schema, taken]) => {
    expect(claudeAcceptsSchema(schema)).toBe(taken)
  },
)

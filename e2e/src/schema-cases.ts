/** A schema with an answer that matches it and one that does not. `mismatch`: a part of what the failure says of the latter. */
export type SchemaCase = {
  schema: Record<string, unknown>
  valid: unknown
  invalid: unknown
  mismatch: string
}

/** Makes the case with a number: its kind, and its names and limits, follow from the number. The title names it in prompts. */
export function schemaCase(number: number): SchemaCase {
  const kind = kinds[number % kinds.length]
  if (!kind) throw new Error('no kind')
  const { schema, ...answers } = kind(number)
  return { schema: { title: caseTitle(number), ...schema }, ...answers }
}

export function caseTitle(number: number): string {
  return `case ${number}.`
}

const strict = { type: 'object', additionalProperties: false }

/** The kinds of schemas: those that each CLI takes itself come first, then those that only some take, then those that none takes. */
const kinds: readonly ((number: number) => SchemaCase)[] = [
  (n) => ({
    schema: { ...strict, properties: { [`count${n}`]: { type: 'integer' } }, required: [`count${n}`] },
    valid: { [`count${n}`]: n },
    invalid: { [`count${n}`]: 'many' },
    mismatch: `/count${n} must be integer`,
  }),
  (n) => ({
    schema: {
      ...strict,
      properties: { list: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, maxItems: n + 1 } },
      required: ['list'],
    },
    valid: { list: ['a', 'b'].slice(0, n + 1) },
    invalid: { list: ['c'] },
    mismatch: '/list/0 must be equal to one of the allowed values: ["a","b"]',
  }),
  (n) => ({
    schema: {
      ...strict,
      properties: { tree: { $ref: '#/$defs/tree' } },
      required: ['tree'],
      $defs: {
        tree: {
          ...strict,
          properties: {
            size: { type: 'number' },
            left: { anyOf: [{ $ref: '#/$defs/tree' }, { type: 'null' }] },
          },
          required: ['size', 'left'],
        },
      },
    },
    valid: { tree: { size: n, left: { size: 1, left: null } } },
    invalid: { tree: { size: n, left: {} } },
    mismatch: "/tree/left must have required property 'size'",
  }),
  (n) => ({
    schema: { type: 'object', properties: { name: { type: 'string', minLength: n } }, required: ['name'] },
    valid: { name: 'x'.repeat(n + 1), more: true },
    invalid: { nam: 'x' },
    mismatch: "the answer must have required property 'name'",
  }),
  (n) => ({
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { pair: { type: 'array', prefixItems: [{ type: 'string' }, { const: n }], items: false } },
      required: ['pair'],
    },
    valid: { pair: ['é"\\\n', n] },
    invalid: { pair: ['a', n + 1] },
    mismatch: '/pair/1 must be equal to constant',
  }),
  (n) => ({
    schema: { type: 'array', items: { type: 'integer', minimum: n }, minItems: 1, uniqueItems: true },
    valid: [n, n + 1],
    invalid: [n, n],
    mismatch: 'the answer must NOT have duplicate items',
  }),
  (n) => ({
    schema: { oneOf: [{ type: 'string', pattern: `^v${n}(\\.\\d+)*$` }, { type: 'null' }] },
    valid: `v${n}.2.3`,
    invalid: `w${n}`,
    mismatch: `the answer must match pattern`,
  }),
]

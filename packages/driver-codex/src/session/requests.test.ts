import { expect, test } from 'vitest'
import { codexAcceptsSchema } from './requests.js'

const closed = { type: 'object', additionalProperties: false } as const
const n = { n: { type: 'integer' } }

test.for([
  [{ ...closed, properties: n, required: ['n'] }, true],
  [
    {
      ...closed,
      properties: { list: { type: 'array', items: { $ref: '#/$defs/a' } } },
      required: ['list'],
      $defs: { a: { ...closed, properties: n, required: ['n'] } },
    },
    true,
  ],
  [
    { ...closed, properties: { n: { anyOf: [{ type: 'integer' }, { type: 'null' }] } }, required: ['n'] },
    true,
  ],
  [{ type: 'object', properties: n, required: ['n'] }, false],
  [{ ...closed, properties: n, required: [] }, false],
  [{ ...closed, properties: { n: { type: 'object' } }, required: ['n'] }, false],
  [{ ...closed, properties: { n: { type: 'string', minLength: 2 } }, required: ['n'] }, false],
  [{ ...closed, properties: { n: true }, required: ['n'] }, false],
  [{ type: 'array', items: { type: 'integer' } }, false],
] as const)('codex holds answers to a schema of the strict kind: %j', ([schema, taken]) => {
  expect(codexAcceptsSchema(schema)).toBe(taken)
})

import { describe, expect, test } from 'vitest'
import { compileOutputSchema, matchOutputSchema } from './output-schema.js'

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { n: { type: 'integer' }, color: { enum: ['red', 'blue'] } },
  required: ['n'],
  additionalProperties: false,
}

describe('a schema', () => {
  test.for([
    [schema],
    [{ type: 'array', prefixItems: [{ type: 'integer' }], unevaluatedItems: false }],
    [{ $ref: '#/$defs/tree', $defs: { tree: { properties: { left: { $ref: '#/$defs/tree' } } } } }],
    [{ type: 'string', format: 'an-unknown-one', 'x-comment': 'an unknown keyword' }],
  ])('of 2020-12 is taken: %j', ([taken]) => {
    expect(() => {
      compileOutputSchema(taken ?? {})
    }).not.toThrow()
  })

  test.for([
    [{ type: 'objekt' }, 'output_schema: schema/type must be equal to one of the allowed values'],
    [
      { $ref: 'https://example.com/other' },
      "output_schema: can't resolve reference https://example.com/other",
    ],
    [{ $ref: '#/$defs/missing' }, "output_schema: can't resolve reference #/$defs/missing"],
    [{ type: 'string', pattern: '(' }, 'output_schema: Invalid regular expression'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, 'output_schema: no schema with key or ref'],
  ] as const)('that is none is refused: %j', ([refused, message]) => {
    expect(() => {
      compileOutputSchema(refused)
    }).toThrow(message)
  })
})

describe('an answer', () => {
  test.for([
    ['{"n": 1}', '{"n": 1}'],
    ['\n {"n":1,"color":"red"}\n', '{"n":1,"color":"red"}'],
    ['```json\n{"n": 1}\n```', '{"n": 1}'],
    ['Here it is:\n\n```\n{\n  "n": 1\n}\n```\nDone.', '{\n  "n": 1\n}'],
  ] as const)('matches: %j', ([answer, json]) => {
    expect(matchOutputSchema(schema, answer)).toEqual({ json })
  })

  test.for([
    ['', ['the answer is not JSON']],
    ['All is well.', ['the answer is not JSON']],
    ['{"n": 1', ['the answer is not JSON']],
    ['```json\n{"n": 1}\n```\n```json\n{"n": 2}\n```', ['the answer is not JSON']],
    ['[]', ['the answer must be object']],
    ['{}', ["the answer must have required property 'n'"]],
    [
      '{"n": "1", "color": "green", "size": 2}',
      [
        'the answer must NOT have additional properties: "size"',
        '/n must be integer',
        '/color must be equal to one of the allowed values: ["red","blue"]',
      ],
    ],
  ] as const)('does not match, and each mismatch is named: %j', ([answer, problems]) => {
    expect(matchOutputSchema(schema, answer)).toEqual({ problems })
  })

  test('names at most ten mismatches', () => {
    const match = matchOutputSchema(
      { type: 'array', items: { type: 'integer' } },
      JSON.stringify(Array(50).fill('a')),
    )
    expect('problems' in match && match.problems.slice(9)).toEqual(['/9 must be integer', 'and 40 more'])
  })

  test('of any JSON value can be asked for', () => {
    expect(matchOutputSchema({ type: ['null', 'string'] }, 'null')).toEqual({ json: 'null' })
    expect(matchOutputSchema({ type: 'integer' }, ' 7 ')).toEqual({ json: '7' })
  })

  test('on which a pattern of the schema would take years ends the comparison', () => {
    const slow = { type: 'string', pattern: '^(a+)+$' }
    const answer = JSON.stringify(`${'a'.repeat(60)}b`)
    expect(() => matchOutputSchema(slow, answer)).toThrow('it took longer than 2000 ms to compare the answer')
  })
})

import fc from 'fast-check'
import { parseTOML } from 'toml-eslint-parser'
import { expect, test } from 'vitest'
import { generateByChoices, pickOne } from '../choices.test.support.js'
import { tomlHasComment, scanTomlArray, scanToml } from './toml-scan.js'

/** The lines of a TOML text as another parser finds them, which takes far longer. */
function elsewhere(text: string) {
  type Node = ReturnType<typeof parseTOML>['body'][0]['body'][number]
  const rangeOf = ([start, end]: readonly [number, number]) => ({ start, end })
  const lineOf = (node: Node): object[] => {
    if (node.type === 'TOMLKeyValue') {
      const keys = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))
      return [{ type: 'entry', keys, range: rangeOf(node.range), value: rangeOf(node.value.range) }]
    }
    const keys = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))
    return [{ type: 'header', keys, several: node.kind === 'array' }, ...node.body.flatMap(lineOf)]
  }
  return parseTOML(text).body[0].body.flatMap(lineOf)
}

const ours = (text: string) =>
  [...scanToml(text)].map((line) =>
    line.type === 'entry' ? line : { type: line.type, keys: line.keys, several: line.several },
  )

const values: [string, ...string[]] = [
  '1',
  '0xff_ff',
  'inf',
  'true',
  '1979-05-27 07:32:00.5Z',
  '07:32:00',
  '""',
  "''",
  '"a # b = \\" ] \\\\"',
  "'a # b = \\'",
  '"""\n[x]\n"quoted" \\""" # no\n"""',
  '""""two quotes at both ends"""""',
  "'''\n[y] = 'z' ''''",
  '[]',
  '[ 1, "]", \'[\', [2, [ ] ], # c ]\n  { a = "}" }, ]',
  '{}',
  '{ a.b = 1, "c d" = [ "}", { e = \'#\' } ] }',
]
const keys: [string, ...string[]] = [
  'a',
  'a-b_1',
  '"q.r"',
  "'s # t'",
  '"\\u0062 \\" ="',
  'd . "e=" .f',
  '"é𝄞"',
]

test('finds the lines that another parser finds', () => {
  const samples = generateByChoices((choose) => {
    const lines: string[] = []
    for (let count = 0; count < 6; count += 1) {
      const key = `k${count}.${pickOne(choose, keys)}`
      const remark = pickOne(choose, ['', ' # remark ] = "', '\t#'])
      const indent = pickOne(choose, ['', '  ', '\t'])
      const kind = choose(5)
      if (kind === 0) lines.push(`${indent}[ ${key} ]${remark}`)
      else if (kind === 1) lines.push(`${indent}[[${key}]]${remark}`)
      else if (kind === 2) lines.push(`${indent}# [no] = 1`, '')
      else lines.push(`${indent}${key} = ${pickOne(choose, values)}${remark}`)
    }
    return lines.join(pickOne(choose, ['\n', '\r\n'])) + pickOne(choose, ['', '\n'])
  })
  fc.assert(
    fc.property(samples, (text) => {
      expect(ours(text)).toEqual(elsewhere(text))
    }),
    { numRuns: 300 },
  )
})

test('the items of an array, with what stands between them', () => {
  const text = '[ 1, "],#", # one, two\n  { a = [ 2, 3 ] } , [\n4, # inner\n] ]'
  const slices = (ranges: readonly { start: number; end: number }[]) =>
    ranges.map(({ start, end }) => text.slice(start, end))
  const { items, commas, comments } = scanTomlArray(text, 0)
  expect(slices(items)).toEqual(['1', '"],#"', '{ a = [ 2, 3 ] }', '[\n4, # inner\n]'])
  expect(slices(commas)).toEqual([',', ',', ','])
  expect(slices(comments)).toEqual(['# one, two'])
})

test('a comment is one outside of strings, also inside of a value', () => {
  expect(['a = "#"', '[a] # x', 'a = [\n1 # x\n]', "a = '''\n# x\n'''"].map(tomlHasComment)).toEqual([
    false,
    true,
    true,
    false,
  ])
})

import type { SampleShape } from '../check-edit.test.support.js'
import { numberComments, pickOne, type Chooser } from '../choices.test.support.js'

/** The TOML at the path of our entry in a generated document: a line of its top, and blocks in this order, each a list of lines. */
export type TomlSampleVariant = {
  shape: SampleShape
  top?: string
  blocks?: readonly (readonly string[])[]
}

/** A generated TOML text, and what it has at the path of our entry. */
export type TomlSample = { text: string; shape: SampleShape }

type Style = { choose: Chooser; lineBreak: string }

const values = [
  '1',
  '"x # no"',
  "'[not.a.table]'",
  '12345678901234567890',
  '1.0',
  'inf',
  '1979-05-27T07:32:00Z',
  '07:32:00',
  '{ x = 1, "y z" = [ 2 ] }',
  '[ 1, 2, ]',
] as const
const longValues: readonly [readonly string[], ...(readonly string[])[]] = [
  ['"""a', '[mcp_servers.x]', ' # "quoted" \\', '  b"""'],
  ["'''", 'c = 1', "'''"],
  ['[ # list ¤', '  "p", # first ¤', '\t{ q = 1 }', '  , # end ¤', ']'],
]
const keys = ['a', '"käse 🧀"', "'l.t'", 'd.e', 'd.f', '"\\u0062"', '1', '"__proto__"'] as const
const headers = [
  '[B]',
  '["x y".z]',
  '[ c . q ]',
  '[c]',
  '[[list]]',
  '[list.sub]',
  '[[list]]',
  "['']",
  '[theirs]',
] as const

/** A document with one of the variants in it. */
export function tomlSample(
  choose: Chooser,
  variants: readonly [TomlSampleVariant, ...TomlSampleVariant[]],
): TomlSample {
  const style = { choose, lineBreak: pickOne(choose, ['\n', '\r\n']) }
  const { shape, top, blocks = [] } = pickOne(choose, variants)
  const entries = [...body(style), ...(top === undefined ? [] : [[top]])]
  const others = otherBlocks(style)
  const all = mix(choose, others, blocks)
  const lines = [...(choose(2) === 1 ? entries.toReversed() : entries), ...all].flatMap((part) =>
    spread(style, part),
  )
  const end = pickOne(choose, [
    style.lineBreak,
    '',
    style.lineBreak + style.lineBreak,
    `${style.lineBreak}# end ¤`,
  ])
  const text =
    lines.length === 0 ? pickOne(choose, ['', end, '# only ¤', ' ']) : lines.join(style.lineBreak) + end
  return { text: numberComments((choose(8) === 1 ? '\uFEFF' : '') + text), shape }
}

/** Tables of others in a generated document, in the order of `headers`. Each `[list.sub]` directly follows a `[[list]]`, once. */
function otherBlocks(style: Style): string[][] {
  const wanted = style.choose(5) === 0 ? [] : headers.filter(() => style.choose(2) === 1)
  const valid = wanted.filter(
    (header) => header !== '[list.sub]' || wanted[wanted.indexOf(header) - 1] === '[[list]]',
  )
  return valid.map((header) => {
    const indent = pickOne(style.choose, ['', '  ', '\t'])
    return [indent + header + remark(style), ...body(style).flat()]
  })
}

/** Merges two lists in a random order that keeps the order of each list. */
function mix(choose: Chooser, left: readonly string[][], right: readonly (readonly string[])[]) {
  const mixed: (readonly string[])[] = [...left]
  let from = 0
  for (const block of right) {
    const position = from + choose(mixed.length - from + 1)
    mixed.splice(position, 0, block)
    from = position + 1
  }
  return mixed
}

function body(style: Style): string[][] {
  const chosen = keys.filter(() => style.choose(5) === 1)
  return chosen.map((key) => {
    const space = pickOne(style.choose, [' ', '', '\t'])
    const indent = pickOne(style.choose, ['', '', '  '])
    if (style.choose(4) > 0)
      return [`${indent}${key}${space}=${space}${pickOne(style.choose, values)}${remark(style)}`]
    const [first, ...rest] = pickOne(style.choose, longValues)
    const last = rest.at(-1) ?? ''
    return [`${indent}${key} = ${first}`, ...rest.slice(0, -1), last + remark(style)]
  })
}

/** Puts generated empty lines and comments in front of the lines of a part. */
function spread({ choose }: Style, part: readonly string[]): string[] {
  const before = pickOne(choose, [
    [],
    [''],
    ['', ''],
    ['# ¤ [mcp_servers.subagent-mcp]'],
    ['   '],
    ['', '# é ¤', ''],
  ])
  return [...before, ...part]
}

function remark({ choose }: Style): string {
  return pickOne(choose, ['', '', '', ' # "remark" ¤', '  ', '#¤'])
}

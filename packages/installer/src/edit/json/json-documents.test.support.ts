import type { SampleShape } from '../check-edit.test.support.js'
import { numberComments, commentNumberMark, pickOne, type Chooser } from '../choices.test.support.js'
import type { JsonRules } from './json-document.js'

/** A generated text, with the rules of a reader that takes it. */
export type JsonSample = { text: string; rules: JsonRules; shape: SampleShape }

type Style = { choose: Chooser; rules: JsonRules; lineBreak: string; unit: string; lines: boolean }
type Member = { key: string; text: (depth: number) => string }

const keys = [
  '"a"',
  '"käse 🧀"',
  '"\\u0062\\n"',
  '"__proto__"',
  '""',
  '"c\\"//"',
  '"constructor"',
  '"1"',
] as const
const scalars = [
  '1',
  'null',
  '"x"',
  '"// no /* comment"',
  '12345678901234567890',
  '1e400',
  '"\\ud83d"',
  'true',
] as const

/** Our entry in the layout of a document: one JSON text, or the items of a list. */
type Text = string | readonly string[]

/** A document with our entry, of these JSON texts, at a path of two keys or of the keys of hooks. */
export function jsonSample(
  choose: Chooser,
  ours: { path: readonly string[]; equal: Text; different: Text },
): JsonSample {
  const rules = { comments: choose(2) === 1, trailingCommas: choose(2) === 1, bom: choose(2) === 1 }
  const style = {
    choose,
    rules,
    lineBreak: pickOne(choose, ['\n', '\r\n']),
    unit: pickOne(choose, ['  ', '\t', '    ', '']),
    lines: choose(3) > 0,
  }
  const shape = pickOne<SampleShape>(choose, ['absent', 'equal', 'different', 'foreign'])
  const bom = rules.bom && choose(2) === 1 ? '\uFEFF' : ''
  if (shape === 'absent' && choose(12) === 1) {
    return { text: numberComments(bom + trivia(style) + trivia(style)), rules, shape }
  }
  const body = object(style, 0, withOurs(style, ours.path, { ...ours, shape }))
  return {
    text: numberComments(bom + trivia(style) + body + pickOne(choose, ['', style.lineBreak]) + trivia(style)),
    rules,
    shape,
  }
}

/** The generated JSON members along the path to our entry. With the shape `absent` the deeper ones may be missing. */
function withOurs(
  style: Style,
  [key, ...rest]: readonly string[],
  ours: { equal: Text; different: Text; shape: SampleShape },
): Member[] {
  const { choose } = style
  const name = pickOne(choose, [
    JSON.stringify(key),
    `"\\u${key?.charCodeAt(0).toString(16).padStart(4, '0') ?? ''}${key?.slice(1) ?? ''}"`,
  ])
  const foreign = pickOne(choose, ['null', '7', '"x"'])
  if (ours.shape === 'absent' && (rest.length === 0 || choose(3) === 0)) return []
  const isOther = ours.shape === 'foreign' && choose(2) === 1
  if (isOther && rest.length > 0) return [{ key: name, text: () => foreign }]
  if (rest.length === 0) {
    const member = (text: Text): Member => ({
      key: name,
      text: (depth) => (typeof text === 'string' ? text : list(style, depth, ['[', ']'], text)),
    })
    const { shape } = ours
    if (shape === 'equal' || shape === 'different') return [member(ours[shape])]
    return [member(ours.equal), member(ours.different)]
  }
  return [{ key: name, text: (depth) => object(style, depth, withOurs(style, rest, ours)) }]
}

function object(style: Style, depth: number, ours: readonly Member[]): string {
  const { choose } = style
  const names = new Set(Array.from({ length: choose(4) }, () => pickOne(choose, keys)))
  const others = [...names].map((key): Member => ({ key, text: (inner) => value(style, inner) }))
  const members = others.toSpliced(choose(others.length + 1), 0, ...ours)
  const texts = members.map(
    ({ key, text }) =>
      `${key}${some(style)}:${pickOne(choose, [' ', '', '\t'])}${some(style)}${text(depth + 1)}`,
  )
  return list(style, depth, ['{', '}'], texts)
}

function value(style: Style, depth: number): string {
  const kind = depth > 3 ? 0 : style.choose(4)
  if (kind < 2) return pickOne(style.choose, scalars)
  if (kind === 2) return object(style, depth, [])
  const items = Array.from({ length: style.choose(3) }, () => value(style, depth + 1))
  return list(style, depth, ['[', ']'], items)
}

function list(
  style: Style,
  depth: number,
  [open, close]: readonly [string, string],
  items: readonly string[],
): string {
  const { choose, rules, lineBreak, unit } = style
  const inLines = style.lines && choose(6) > 0
  const lead = inLines ? lineBreak + unit.repeat(depth + 1) : pickOne(choose, ['', ' '])
  const end = inLines ? lineBreak + unit.repeat(depth) : pickOne(choose, ['', ' '])
  if (items.length === 0) return `${open}${pickOne(choose, ['', ' ', lineBreak, end])}${some(style)}${close}`
  const written = items.map((item, index) => {
    const comma = index < items.length - 1 || (rules.trailingCommas && choose(3) === 1) ? ',' : ''
    return `${some(style)}${lead}${some(style)}${item}${some(style)}${comma}`
  })
  return `${open}${written.join('')}${some(style)}${end}${close}`
}

function some(style: Style): string {
  return style.choose(6) === 1 ? trivia(style) : ''
}

function trivia({ choose, rules, lineBreak }: Style): string {
  const plain = ['', ' ', lineBreak, '\t', lineBreak + lineBreak, ` ${lineBreak}`] as const
  const comments = [
    ` // ${commentNumberMark} "x": 1, {${lineBreak}`,
    `/* ${commentNumberMark} , } */`,
    `/* a${lineBreak} ${commentNumberMark} b */`,
    ` // é ${commentNumberMark}${lineBreak}${lineBreak}`,
  ] as const
  return pickOne(choose, rules.comments ? [...plain, ...comments] : plain)
}

import type { AST } from 'toml-eslint-parser'
import { gapOf, type Layout, type List, type Mark } from './list.js'
import { indentOf, lineBreakOf, startsLine } from './splice.js'
import type { TomlDocument } from './toml-document.js'

/** An array in brackets as a list. */
export function tomlListOf({ text, program }: TomlDocument, array: AST.TOMLArray): List {
  const items = array.elements.map(({ range: [start, end] }) => ({ start, end }))
  const [open, close] = [array.range[0] + 1, array.range[1] - 1]
  const isOutside = ({ range: [start, end] }: AST.HasLocs) =>
    start >= open && end <= close && !items.some((item) => start >= item.start && end <= item.end)
  const commas = program.tokens.filter((token) => token.type === 'Punctuator' && token.value === ',')
  const marks = [
    ...commas.filter(isOutside).map(markOf('comma')),
    ...program.comments.filter(isOutside).map(markOf('line-comment')),
  ]
  return { text, open, close, items, marks: marks.toSorted((left, right) => left.start - right.start) }
}

/** How a new item of an array is to be set off; one that is empty stays in its line. */
export function tomlLayoutOf(list: List): Layout {
  const lineBreak = lineBreakOf(list.text)
  const last = list.items.at(-1)
  const closing = indentOf(list.text, list.close)
  const isBroken = last === undefined ? gapOf(list).includes('\n') : startsLine(list.text, last.start)
  if (!isBroken) return { lineBreak, lead: { type: 'space', space: ' ' } }
  const indent = last === undefined ? `${closing}  ` : indentOf(list.text, last.start)
  return { lineBreak, lead: { type: 'line', indent, closing } }
}

function markOf(type: Mark['type']) {
  return ({ range: [start, end] }: AST.HasLocs): Mark => ({ type, start, end })
}

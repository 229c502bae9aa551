import { gapOf, type Layout, type List, type Mark } from '../list.js'
import { indentOf, lineBreakOf, startsLine, type Range } from '../splice.js'
import type { TomlDocument } from './toml-document.js'
import { scanArray } from './toml-scan.js'

/** An array in brackets as a list. */
export function tomlListOf({ text }: TomlDocument, array: Range): List {
  const { items, commas, comments } = scanArray(text, array.start)
  const marks = [...commas.map(markOf('comma')), ...comments.map(markOf('line-comment'))]
  const [open, close] = [array.start + 1, array.end - 1]
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
  return (range: Range): Mark => ({ type, ...range })
}

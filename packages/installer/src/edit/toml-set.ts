import { restoring, type Edit, type Refused } from './edit.js'
import type { Step } from './run-edits.js'
import { lineBreakOf, type Splice } from './splice.js'
import { isInside, samePlace, type TomlDocument } from './toml-document.js'
import { appendBlock, appendEntry, appendTopEntry, removeBlock, replaceBlock } from './toml-lines.js'
import { dottedAt, headerOf, obstacle } from './toml-obstacle.js'
import { hasNull, printBlock, printEntry, printKeys, printToml } from './toml-print.js'
import { isTable, sameData, valueAt, type Value } from './value.js'

/** Sets a table as a block of its own, any other value as a line of the table above it. */
export function setToml(document: TomlDocument, { path, value }: Extract<Edit, { type: 'set' }>): Step {
  const old = valueAt(document.data, path)
  if (old !== undefined && sameData(old, value)) return { type: 'unchanged' }
  if (hasNull(value)) return { type: 'refused', why: `TOML has no null for ${path.join('.')}` }
  const refusal = obstacle(document, path)
  if (refusal !== undefined) return refusal
  const change = { place: path, value }
  if (old === undefined) {
    const { splice, created } = insertToml(document, path, value)
    return { type: 'step', splices: [splice], change, undo: { type: 'remove', path, created } }
  }
  const replaced = replaceToml(document, path, value)
  if (replaced.type === 'refused') return replaced
  return { ...replaced, change, undo: restoring(path, old) }
}

/** Adds what is not there yet; `created` counts the header above it. */
export function insertToml(
  document: TomlDocument,
  path: readonly string[],
  value: Value,
): { splice: Splice; created: number } {
  const { text, entries } = document
  if (isTable(value)) {
    const block = printBlock(`[${printKeys(path)}]`, value, lineBreakOf(text))
    return { splice: appendBlock(text, block), created: 0 }
  }
  const above = path.slice(0, -1)
  const key = path.at(-1) ?? ''
  if (above.length === 0) {
    const top = entries.filter(({ table }) => table.length === 0).map(({ node }) => node)
    return { splice: appendTopEntry(text, top, printEntry(key, value)), created: 0 }
  }
  const header = headerOf(document, above)
  if (header !== undefined) return { splice: appendEntry(text, header, printEntry(key, value)), created: 0 }
  const block = printBlock(`[${printKeys(above)}]`, Object.fromEntries([[key, value]]), lineBreakOf(text))
  return { splice: appendBlock(text, block), created: 1 }
}

function replaceToml(
  document: TomlDocument,
  path: readonly string[],
  value: Value,
): { type: 'step'; splices: Splice[] } | Refused {
  const entry = document.entries.find(({ place }) => samePlace(place, path))
  if (entry !== undefined) {
    const [start, end] = entry.node.value.range
    return { type: 'step', splices: [{ start, end, text: printToml(value) }] }
  }
  const dotted = dottedAt(document, path)
  if (dotted !== undefined) return dotted
  const [first, ...others] = document.blocks.filter(({ place }) => isInside(place, path))
  const isList = document.blocks.some(
    ({ node, place }) => node.kind === 'array' && samePlace(place.slice(0, -1), path),
  )
  if (first === undefined || isList || !isTable(value)) {
    return { type: 'refused', why: `${path.join('.')} stands there in another form` }
  }
  const block = printBlock(`[${printKeys(path)}]`, value, lineBreakOf(document.text))
  const removals = others.map((other) => removeBlock(document.text, other))
  return { type: 'step', splices: [replaceBlock(document.text, first, block), ...removals] }
}

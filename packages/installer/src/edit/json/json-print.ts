import type { Node } from 'jsonc-parser'
import { isMultiLineJsonNode, listOfNode, type JsonDocument } from './json-document.js'
import type { ItemLayout } from '../list.js'
import { readLineIndent, detectLineBreak } from '../splice.js'
import type { JsonValue } from '../value.js'

export type JsonStyle = { lineBreak: string; unit: string; spaced: boolean }

/** Reads the style of a document; two spaces by default. */
export function readJsonStyle(document: JsonDocument): JsonStyle {
  const { text } = document
  const root = document.root()
  const colon = /"\s*:(\s?)/.exec(text)?.[1]
  return {
    lineBreak: detectLineBreak(text),
    unit: (root && unitIn(text, root)) ?? '  ',
    spaced: colon !== '',
  }
}

export function createItemLayout(text: string, container: Node, style: JsonStyle): ItemLayout {
  const { lineBreak, unit, spaced } = style
  if (!isMultiLineJsonNode(text, container))
    return { lineBreak, lead: { type: 'space', space: spaced ? ' ' : '' } }
  const last = listOfNode(text, container).items.at(-1)
  const closing = readLineIndent(text, container.offset)
  const indent = last === undefined ? closing + unit : readLineIndent(text, last.start)
  return { lineBreak, lead: { type: 'line', indent, closing } }
}

/** The text of a JSON value, in one line or several like its container. */
export function printJsonValue(value: JsonValue, layout: ItemLayout, style: JsonStyle): string {
  if (layout.lead.type === 'space') return printInline(value, style.spaced)
  return JSON.stringify(value, null, style.unit).replaceAll('\n', style.lineBreak + layout.lead.indent)
}

export function printJsonMember(key: string, value: JsonValue, layout: ItemLayout, style: JsonStyle): string {
  const space = style.spaced || layout.lead.type === 'line' ? ' ' : ''
  return `${JSON.stringify(key)}:${space}${printJsonValue(value, layout, style)}`
}

function unitIn(text: string, container: Node): string | undefined {
  const feed = text.indexOf('\n', container.offset)
  if (feed === -1 || feed >= container.offset + container.length) return undefined
  const [first] = container.children ?? []
  if (first === undefined) return undefined
  if (container.type !== 'property' && isMultiLineJsonNode(text, container)) {
    const outer = readLineIndent(text, container.offset)
    const inner = readLineIndent(text, first.offset)
    if (inner.startsWith(outer) && inner !== outer) return inner.slice(outer.length)
  }
  for (const child of container.children ?? []) {
    const unit = unitIn(text, child)
    if (unit !== undefined) return unit
  }
  return undefined
}

function printInline(value: JsonValue, spaced: boolean): string {
  const space = spaced ? ' ' : ''
  if (Array.isArray(value)) return `[${value.map((item) => printInline(item, spaced)).join(`,${space}`)}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${space}${printInline(member, spaced)}`,
  )
  return `{${members.join(`,${space}`)}}`
}
